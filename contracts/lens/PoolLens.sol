// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Reads many pools in one call and answers in as few bytes as will do
/// @notice Deployed nowhere: a call brings its code along (the third argument of `eth_call`). It calls view functions
/// only, and what a pool does not tell is marked, never made up.
contract PoolLens {
    /// @dev A pool that eats gas must not starve those behind it
    uint256 private constant CALL_GAS = 500_000;
    uint256 private constant TICKS_UNKNOWN = 0xffff;

    /// @notice Tells that the code is here
    function ready() external pure returns (uint256) {
        return 1;
    }

    /// @notice Calls many functions
    /// @param calls Of each 20 bytes of address, 1 with the number of words that are wanted of its answer, 1 with the
    /// length of its calldata, and that
    /// @return answers Of each a byte, 1 where it answered with so many words, which follow; 0 where it did not
    function read(bytes calldata calls) external view returns (bytes memory answers) {
        assembly ("memory-safe") {
            answers := mload(0x40)
            let place := add(answers, 32)
            let next := calls.offset
            for { let end := add(next, calls.length) } lt(next, end) {} {
                let head := calldataload(next)
                let wanted := shl(5, byte(20, head))
                let length := byte(21, head)
                // Calldata lies where the answer goes: behind its flag.
                let data := add(place, 1)
                calldatacopy(data, add(next, 22), length)
                let ok := staticcall(CALL_GAS, shr(96, head), data, length, data, wanted)
                ok := and(ok, iszero(lt(returndatasize(), wanted)))
                mstore8(place, ok)
                place := add(place, add(1, mul(ok, wanted)))
                next := add(next, add(22, length))
            }
            mstore(answers, sub(place, add(answers, 32)))
            mstore(0x40, and(add(place, 63), not(31)))
        }
    }

    /// @notice The ticks of pools in the manner of Uniswap V3
    /// @param pools Of each 20 bytes of address, 2 and 2 of the first and last word of its bitmap, 3 of the ticks from
    /// one bit to the next
    /// @return answers Of each pool 2 bytes with the number of its ticks, 0xffff where it does not tell them, and of
    /// each tick, rising, 3 bytes and 16 of its liquidityNet
    function ticks(bytes calldata pools) external view returns (bytes memory answers) {
        uint256 place;
        assembly ("memory-safe") {
            answers := mload(0x40)
            place := add(answers, 32)
        }
        for (uint256 p = 0; p < pools.length; p += 27) {
            address pool = address(bytes20(pools[p:p + 20]));
            int256 first = int16(uint16(bytes2(pools[p + 20:p + 22])));
            int256 last = int16(uint16(bytes2(pools[p + 22:p + 24])));
            int256 step = int256(uint256(uint24(bytes3(pools[p + 24:p + 27]))));
            uint256 head = place;
            place += 2;
            uint256 count = 0;
            for (int256 word = first; word <= last && count != TICKS_UNKNOWN; word++) {
                (bool told, uint256 bits) = _bitmap(pool, word);
                if (!told) {
                    count = TICKS_UNKNOWN;
                    break;
                }
                for (uint256 bit = 0; bits != 0; (bits >>= 1, bit++)) {
                    while (bits & 0xffff == 0) (bits >>= 16, bit += 16);
                    if (bits & 1 == 0) continue;
                    int256 tick = (word * 256 + int256(bit)) * step;
                    uint256 gross;
                    uint256 net;
                    (told, gross, net) = _tick(pool, tick);
                    if (!told) {
                        count = TICKS_UNKNOWN;
                        break;
                    }
                    if (gross == 0) continue;
                    count++;
                    assembly ("memory-safe") {
                        mstore(place, or(shl(232, tick), shl(104, and(net, 0xffffffffffffffffffffffffffffffff))))
                    }
                    place += 19;
                }
            }
            if (count == TICKS_UNKNOWN) place = head + 2;
            assembly ("memory-safe") {
                mstore8(head, shr(8, count))
                mstore8(add(head, 1), count)
            }
        }
        assembly ("memory-safe") {
            mstore(answers, sub(place, add(answers, 32)))
            mstore(0x40, and(add(place, 63), not(31)))
        }
    }

    /// @dev tickBitmap(int16)
    function _bitmap(address pool, int256 word) private view returns (bool told, uint256 bits) {
        assembly ("memory-safe") {
            mstore(0, shl(224, 0x5339c296))
            mstore(4, word)
            let ok := staticcall(CALL_GAS, pool, 0, 36, 0, 32)
            told := and(ok, gt(returndatasize(), 31))
            bits := mload(0)
        }
    }

    /// @dev ticks(int24): gross and net come first in each fork
    function _tick(address pool, int256 tick) private view returns (bool told, uint256 gross, uint256 net) {
        assembly ("memory-safe") {
            mstore(0, shl(224, 0xf30dba93))
            mstore(4, tick)
            let ok := staticcall(CALL_GAS, pool, 0, 36, 0, 64)
            told := and(ok, gt(returndatasize(), 63))
            gross := mload(0)
            net := mload(32)
        }
    }
}
