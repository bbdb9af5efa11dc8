// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Lists the initialized ticks of a concentrated pool
contract TickReader {
    /// @notice The pool, or who answers for it, did not answer
    error ReadFailed(bytes call);

    /// @notice Walks words of the tick bitmap of Uniswap V3, V4 and their forks
    /// @param target The pool, or the contract that reads V4's PoolManager
    /// @param bitmapCall The call that reads a word, without its last argument, the word's place
    /// @param tickCall The call that reads a tick, without its last argument, the tick; its second result is liquidityNet
    /// @return ticks In rising order
    function readBitmap(
        address target,
        bytes calldata bitmapCall,
        bytes calldata tickCall,
        int24 tickSpacing,
        int16 firstWord,
        int16 lastWord
    ) external view returns (int24[] memory ticks, int128[] memory liquidityNets) {
        uint256 capacity = 64;
        uint256 count = 0;
        ticks = new int24[](capacity);
        for (int256 place = firstWord; place <= lastWord; place++) {
            uint256 word = _readWord(target, abi.encodePacked(bitmapCall, place), 0);
            for (int256 bit = 0; word != 0; bit++) {
                if (word & 1 != 0) {
                    if (count == capacity) {
                        capacity *= 2;
                        ticks = _enlarged(ticks, capacity);
                    }
                    ticks[count++] = int24((place * 256 + bit) * tickSpacing);
                }
                word >>= 1;
            }
        }
        assembly ("memory-safe") {
            mstore(ticks, count)
        }
        liquidityNets = _readNets(target, tickCall, ticks);
    }

    function _readNets(address target, bytes calldata tickCall, int24[] memory ticks)
        private
        view
        returns (int128[] memory nets)
    {
        nets = new int128[](ticks.length);
        for (uint256 i = 0; i < ticks.length; i++) {
            bytes memory call = abi.encodePacked(tickCall, int256(ticks[i]));
            nets[i] = int128(int256(_readWord(target, call, 1)));
        }
    }

    /// @dev One word of what a view function returns
    function _readWord(address target, bytes memory call, uint256 place) private view returns (uint256 word) {
        (bool isDone, bytes memory result) = target.staticcall(call);
        if (!isDone || result.length < (place + 1) * 32) revert ReadFailed(call);
        assembly ("memory-safe") {
            word := mload(add(result, mul(add(place, 1), 32)))
        }
    }

    function _enlarged(int24[] memory items, uint256 capacity) private pure returns (int24[] memory larger) {
        larger = new int24[](capacity);
        for (uint256 i = 0; i < items.length; i++) {
            larger[i] = items[i];
        }
    }
}
