// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Calls one function of a contract with many inputs
contract Batch {
    /// @dev Enough for any function here; a failed assertion burns all of it
    uint256 private constant GAS_PER_CALL = 1_000_000;

    /// @notice Calls `selector` of `target` once for each record and packs what it answers
    /// @dev Inputs and results are static: a whole number of words each
    /// @param inputSize Bytes of arguments in a record
    /// @param resultSize Bytes the function returns
    /// @return results For each record one word, 1 or 0 for a revert, and what the function returned
    function run(
        address target,
        bytes4 selector,
        uint256 inputSize,
        uint256 resultSize,
        bytes calldata records
    ) external view returns (bytes memory results) {
        uint256 count = records.length / inputSize;
        results = new bytes(count * (resultSize + 32));
        for (uint256 i = 0; i < count; i++) {
            bytes memory input = bytes.concat(selector, records[i * inputSize:(i + 1) * inputSize]);
            (bool ok, bytes memory result) = target.staticcall{gas: GAS_PER_CALL}(input);
            if (!ok) continue;
            require(result.length == resultSize, "unexpected length of result");
            assembly ("memory-safe") {
                let place := add(add(results, 32), mul(i, add(resultSize, 32)))
                mstore(place, 1)
                mcopy(add(place, 32), add(result, 32), resultSize)
            }
        }
    }
}
