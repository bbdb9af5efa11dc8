// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title Calls strangers without letting them fill our memory.
/// @dev Solidity copies all that a call returns; a return bomb makes the caller pay for the memory. Here at most
/// `MAX_REASON` bytes of a revert are copied, and nothing of a success.
library CappedCall {
    uint256 private constant MAX_REASON = 512;

    /// @dev Plain: `(success, ) = target.call{value: value}(data)`, nothing copied.
    function tryCall(address target, uint256 value, bytes memory data) internal returns (bool success) {
        assembly ("memory-safe") {
            success := call(gas(), target, value, add(data, 0x20), mload(data), 0, 0)
        }
    }

    /// @dev The same for a function that returns one word; 0 where it returned nothing.
    function tryCallForWord(address target, bytes memory data) internal returns (bool success, uint256 word) {
        assembly ("memory-safe") {
            mstore(0, 0)
            success := call(gas(), target, 0, add(data, 0x20), mload(data), 0, 0x20)
            word := mload(0)
        }
    }

    /// @dev Plain: `(success, ) = to.call{value: value, gas: gasLimit}("")`, nothing copied.
    function trySend(address to, uint256 value, uint256 gasLimit) internal returns (bool success) {
        assembly ("memory-safe") {
            success := call(gasLimit, to, value, 0, 0, 0, 0)
        }
    }

    /// @dev The beginning of what the last call returned.
    function reason() internal pure returns (bytes memory data) {
        assembly ("memory-safe") {
            let size := returndatasize()
            if gt(size, MAX_REASON) { size := MAX_REASON }
            data := mload(0x40)
            mstore(data, size)
            returndatacopy(add(data, 0x20), 0, size)
            mstore(0x40, add(add(data, 0x20), and(add(size, 0x1f), not(0x1f))))
        }
    }

    /// @dev Reverts with the beginning of what the last call returned.
    function revertWithReason() internal pure {
        bytes memory data = reason();
        assembly ("memory-safe") {
            revert(add(data, 0x20), mload(data))
        }
    }
}
