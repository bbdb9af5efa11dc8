// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPair, ISolidlyPair} from "../interfaces/Protocols.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";

/// @title Swaps through pairs: Uniswap V2, all its forks, Solidly.
/// @dev The input lies in the pair already: paid by us, or by the hop before.
library PairSwaps {
    using PlanReader for bytes;

    uint256 private constant PIPS = 1_000_000;

    /// @dev Asks the pair for the plan's exact amount, or for all that its reserves give. False where it reverted.
    function swap(bytes calldata plan, uint256 hop, address tokenIn, address receiver) internal returns (bool) {
        uint256 amountOut = plan.amountOut(hop);
        if (amountOut == 0) amountOut = _amountOut(plan, hop, tokenIn);
        return swapFor(plan, hop, amountOut, receiver, "");
    }

    /// @dev Asks the pair for `amountOut`; with data it calls `receiver` back: a flash swap.
    function swapFor(bytes calldata plan, uint256 hop, uint256 amountOut, address receiver, bytes memory data)
        internal
        returns (bool)
    {
        (uint256 amount0Out, uint256 amount1Out) =
            plan.zeroForOne(hop) ? (uint256(0), amountOut) : (amountOut, uint256(0));
        return CappedCall.tryCall(
            plan.target(hop), 0, abi.encodeCall(IPair.swap, (amount0Out, amount1Out, receiver, data))
        );
    }

    /// @dev What the pair gives for what it really received: right for tokens that take a fee on transfer, too.
    function _amountOut(bytes calldata plan, uint256 hop, address tokenIn) private view returns (uint256) {
        address pair = plan.target(hop);
        (uint256 reserveIn, uint256 reserveOut,) = IPair(pair).getReserves();
        if (!plan.zeroForOne(hop)) (reserveIn, reserveOut) = (reserveOut, reserveIn);
        uint256 amountIn = IERC20(tokenIn).balanceOf(pair) - reserveIn;
        if (plan.module(hop) == PlanReader.SOLIDLY) return ISolidlyPair(pair).getAmountOut(amountIn, tokenIn);
        // UniswapV2Library.getAmountOut, with the fee in pips; rounds down, for the pair.
        uint256 amountInWithFee = amountIn * (PIPS - plan.feePips(hop));
        return amountInWithFee * reserveOut / (reserveIn * PIPS + amountInWithFee);
    }
}
