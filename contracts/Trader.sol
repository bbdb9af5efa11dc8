// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IExecutor} from "./interfaces/IExecutor.sol";
import {CappedCall} from "./libraries/CappedCall.sol";
import {PlanReader} from "./libraries/PlanReader.sol";
import {BalancerV2Swaps} from "./swaps/BalancerV2Swaps.sol";
import {PairSwaps} from "./swaps/PairSwaps.sol";
import {V3Swaps} from "./swaps/V3Swaps.sol";
import {V4Swaps} from "./swaps/V4Swaps.sol";

/// @title Trades the hops of a plan, one after the other.
/// @dev A hop never sells more than what the hop before it really brought, by the token's own balance. So whatever pools
/// a plan names and whatever they claim, only the tokens in flight are at stake, and the profit check guards those.
/// A token that takes more of its sender than it was told is caught after each hop.
abstract contract Trader is V3Swaps, V4Swaps {
    using PlanReader for bytes;
    using SafeERC20 for IERC20;

    /// @dev Trades the hops that begin before `end`, the first with the plan's `amountIn` of the plan's token.
    /// `unlocked` is the V4 PoolManager that lends, or zero.
    function _trade(bytes calldata plan, uint256 end, address unlocked) internal {
        uint256 hop = PlanReader.HEADER;
        uint256 amount = plan.amountIn();
        address tokenIn = plan.token();
        bool paid;
        // What we had of `tokenIn` before the cycle brought some: what we shall still have after it was sold.
        uint256 kept;
        for (uint256 index = 0; hop < end; index++) {
            uint256 nextHop = plan.next(hop);
            bool isLast = nextHop == plan.length;
            // A pair takes its input in advance: the hop before pays it directly, which saves a transfer.
            bool paysNext = !isLast && plan.isPair(nextHop);
            address receiver = paysNext ? plan.target(nextHop) : address(this);
            if (plan.isPair(hop) && !paid) IERC20(tokenIn).safeTransfer(plan.target(hop), amount);

            address tokenOut = plan.tokenOut(hop);
            // What the last hop brings is measured by the profit check.
            bool measured = !isLast && !paysNext;
            uint256 before = measured ? IERC20(tokenOut).balanceOf(address(this)) : 0;
            if (!_swap(plan, hop, tokenIn, amount, receiver, unlocked)) {
                revert IExecutor.HopFailed(index, CappedCall.reason());
            }
            if (kept != 0 && IERC20(tokenIn).balanceOf(address(this)) < kept) {
                revert IExecutor.BalanceFell(index, tokenIn);
            }
            if (measured) {
                amount = IERC20(tokenOut).balanceOf(address(this)) - before;
                uint256 least = plan.amountOut(hop);
                if (amount < least) revert IExecutor.HopShort(index, amount, least);
            }
            kept = before;
            paid = paysNext;
            tokenIn = tokenOut;
            hop = nextHop;
        }
    }

    function _swap(
        bytes calldata plan,
        uint256 hop,
        address tokenIn,
        uint256 amount,
        address receiver,
        address unlocked
    ) private returns (bool) {
        uint256 module = plan.module(hop);
        if (module <= PlanReader.SOLIDLY) return PairSwaps.swap(plan, hop, tokenIn, receiver);
        if (module == PlanReader.V3) return _swapV3(plan, hop, tokenIn, amount, receiver);
        if (module == PlanReader.V4) return _swapV4(plan, hop, tokenIn, amount, receiver, unlocked);
        return BalancerV2Swaps.swap(plan, hop, tokenIn, amount, receiver);
    }
}
