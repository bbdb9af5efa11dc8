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
    /// @return results For each record one word, 1 or 0 for a revert, and what the function returned; after a 0
    /// follows the start of its reason
    function run(
        address target,
        bytes4 selector,
        uint256 inputSize,
        uint256 resultSize,
        bytes calldata records
    ) external view returns (bytes memory results) {
        uint256 count = records.length / inputSize;
        results = new bytes(count * (resultSize + 32));
        bytes memory input = bytes.concat(selector, records[:inputSize]);
        for (uint256 i = 0; i < count; i++) {
            assembly ("memory-safe") {
                // One buffer serves every call: growing memory makes the machine slow.
                calldatacopy(add(input, 36), add(records.offset, mul(i, inputSize)), inputSize)
                let place := add(add(results, 32), mul(i, add(resultSize, 32)))
                let ok := staticcall(GAS_PER_CALL, target, add(input, 32), mload(input), add(place, 32), resultSize)
                if and(ok, iszero(eq(returndatasize(), resultSize))) { revert(0, 0) }
                mstore(place, ok)
            }
        }
    }
}
