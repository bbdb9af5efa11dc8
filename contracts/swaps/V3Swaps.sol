// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {CallbackProof} from "../CallbackProof.sol";
import {IUniswapV3Pool} from "../interfaces/Protocols.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";
import {SqrtPriceLimits} from "../libraries/SqrtPriceLimits.sol";

/// @title Swaps through the V3 family: Uniswap, PancakeSwap, Algebra, Slipstream.
/// @dev They pay first and then ask for the input by a callback, whose name is all they differ in.
abstract contract V3Swaps is CallbackProof {
    using PlanReader for bytes;
    using SafeERC20 for IERC20;

    /// @dev Sells `amountIn`. False where the pool reverted.
    function _swapV3(bytes calldata plan, uint256 hop, address tokenIn, uint256 amountIn, address receiver)
        internal
        returns (bool success)
    {
        address pool = plan.target(hop);
        bool zeroForOne = plan.zeroForOne(hop);
        _expectPayment(pool, tokenIn, amountIn);
        success = CappedCall.tryCall(
            pool,
            0,
            // A cast that wraps would ask for an exact output: amounts of a plan have 128 bits, and balances below 2^255.
            abi.encodeCall(
                IUniswapV3Pool.swap, (receiver, zeroForOne, int256(amountIn), SqrtPriceLimits.furthest(zeroForOne), "")
            )
        );
        _expectNobody();
    }

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        _pay(amount0, amount1);
    }

    function pancakeV3SwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        _pay(amount0, amount1);
    }

    function algebraSwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        _pay(amount0, amount1);
    }

    /// @dev The positive one is what the pool asks for.
    function _pay(int256 amount0, int256 amount1) private {
        uint256 amount = uint256(amount0 > 0 ? amount0 : amount1);
        IERC20(_provePayment(amount)).safeTransfer(msg.sender, amount);
    }
}
