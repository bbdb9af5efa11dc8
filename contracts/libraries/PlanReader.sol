// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IExecutor} from "../interfaces/IExecutor.sol";

/// @title Reads a packed plan in place.
/// @dev The layout is drawn in src/contracts/calldata.ts, which writes it. `hop` is a position in calldata, so nothing is
/// copied to memory. A read beyond the plan's end cannot happen: `check` walks all hops before the first is traded.
library PlanReader {
    uint256 internal constant VERSION = 1;
    uint256 internal constant HEADER = 121;
    uint256 internal constant HOP = 58;

    uint256 internal constant SELLS_TOKEN0 = 0x01;
    uint256 internal constant NATIVE = 0x02;

    /// @dev Codes of the swap modules.
    uint256 internal constant V2 = 0;
    uint256 internal constant SOLIDLY = 1;
    uint256 internal constant V3 = 2;
    uint256 internal constant V4 = 3;
    uint256 internal constant BALANCER_V2 = 4;

    /// @dev Codes of the lenders.
    uint256 internal constant NONE = 0;
    uint256 internal constant LENDER_BALANCER_V2 = 1;
    uint256 internal constant MORPHO = 2;
    uint256 internal constant AAVE_V3 = 3;
    uint256 internal constant UNISWAP_V3 = 4;
    uint256 internal constant V2_FLASH_SWAP = 5;
    uint256 internal constant UNISWAP_V4 = 6;
    uint256 internal constant BALANCER_V3 = 7;

    function version(bytes calldata plan) internal pure returns (uint256) {
        return _number(plan, 0, 1);
    }

    function lenderKind(bytes calldata plan) internal pure returns (uint256) {
        return _number(plan, 1, 1) & 0x7f;
    }

    function lendsToken1(bytes calldata plan) internal pure returns (bool) {
        return _number(plan, 1, 1) & 0x80 != 0;
    }

    function chainId(bytes calldata plan) internal pure returns (uint256) {
        return _number(plan, 2, 8);
    }

    function deadline(bytes calldata plan) internal pure returns (uint256) {
        return _number(plan, 10, 5);
    }

    function firstBlock(bytes calldata plan) internal pure returns (uint256) {
        return _number(plan, 15, 6);
    }

    function lastBlock(bytes calldata plan) internal pure returns (uint256) {
        return _number(plan, 21, 6);
    }

    function token(bytes calldata plan) internal pure returns (address) {
        return _address(plan, 27);
    }

    function amountIn(bytes calldata plan) internal pure returns (uint256) {
        return _number(plan, 47, 16);
    }

    function minProfit(bytes calldata plan) internal pure returns (uint256) {
        return _number(plan, 63, 16);
    }

    function tipBps(bytes calldata plan) internal pure returns (uint256) {
        return _number(plan, 79, 2);
    }

    function tipTo(bytes calldata plan) internal pure returns (address) {
        return _address(plan, 81);
    }

    function lender(bytes calldata plan) internal pure returns (address) {
        return _address(plan, 101);
    }

    function module(bytes calldata plan, uint256 hop) internal pure returns (uint256) {
        return _number(plan, hop, 1);
    }

    function zeroForOne(bytes calldata plan, uint256 hop) internal pure returns (bool) {
        return _number(plan, hop + 1, 1) & SELLS_TOKEN0 != 0;
    }

    function isNative(bytes calldata plan, uint256 hop) internal pure returns (bool) {
        return _number(plan, hop + 1, 1) & NATIVE != 0;
    }

    function target(bytes calldata plan, uint256 hop) internal pure returns (address) {
        return _address(plan, hop + 2);
    }

    function tokenOut(bytes calldata plan, uint256 hop) internal pure returns (address) {
        return _address(plan, hop + 22);
    }

    function amountOut(bytes calldata plan, uint256 hop) internal pure returns (uint256) {
        return _number(plan, hop + 42, 16);
    }

    /// @dev Fee in pips: of a V2 pair and of a V4 pool.
    function feePips(bytes calldata plan, uint256 hop) internal pure returns (uint24) {
        return uint24(_number(plan, hop + HOP, 3));
    }

    function tickSpacing(bytes calldata plan, uint256 hop) internal pure returns (int24) {
        return int24(uint24(_number(plan, hop + HOP + 3, 3)));
    }

    function hooks(bytes calldata plan, uint256 hop) internal pure returns (address) {
        return _address(plan, hop + HOP + 6);
    }

    function poolId(bytes calldata plan, uint256 hop) internal pure returns (bytes32) {
        return bytes32(_number(plan, hop + HOP, 32));
    }

    /// @dev Pairs take their input in advance: the hop before may pay it to them directly.
    function isPair(bytes calldata plan, uint256 hop) internal pure returns (bool) {
        return module(plan, hop) <= SOLIDLY;
    }

    /// @dev Where the next hop begins.
    function next(bytes calldata plan, uint256 hop) internal pure returns (uint256) {
        uint256 kind = module(plan, hop);
        if (kind == V2) return hop + HOP + 3;
        if (kind == V4) return hop + HOP + 26;
        if (kind == BALANCER_V2) return hop + HOP + 32;
        return hop + HOP;
    }

    /// @dev Where the last hop begins, in a plan that `check` has seen.
    function lastHop(bytes calldata plan) internal pure returns (uint256 last) {
        for (uint256 hop = HEADER; hop < plan.length; hop = next(plan, hop)) last = hop;
    }

    /// @dev Holds version and length: all hops are of known modules, whole, and the last one ends with the plan in the
    /// plan's token. Returns where the last hop begins.
    function check(bytes calldata plan) internal pure returns (uint256 last) {
        if (plan.length < HEADER + HOP || version(plan) != VERSION) revert IExecutor.PlanMalformed();
        if (lenderKind(plan) > BALANCER_V3 || tipBps(plan) > 10_000) revert IExecutor.PlanMalformed();
        uint256 end = HEADER;
        while (end < plan.length) {
            last = end;
            if (last + HOP > plan.length || module(plan, last) > BALANCER_V2) revert IExecutor.PlanMalformed();
            end = next(plan, last);
        }
        if (end != plan.length || tokenOut(plan, last) != token(plan)) revert IExecutor.PlanMalformed();
    }

    /// @dev Plain: `uint256(bytes32(plan[position:position + 32])) >> (256 - 8 * size)`, without the bounds check that `check` has made.
    function _number(bytes calldata plan, uint256 position, uint256 size) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, size)), calldataload(add(plan.offset, position)))
        }
    }

    function _address(bytes calldata plan, uint256 position) private pure returns (address) {
        return address(uint160(_number(plan, position, 20)));
    }
}
