// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IPair, IUniswapV3Pool} from "../interfaces/Protocols.sol";
import {SwapPayer} from "./SwapPayer.sol";

interface ITradedPair is IPair {
    function token0() external view returns (address);

    function token1() external view returns (address);
}

interface ITradedPool is IUniswapV3Pool {
    function token0() external view returns (address);

    function token1() external view returns (address);
}

/// @title Sells to one pool for its caller, who has approved it
contract PoolTrader is SwapPayer {
    using SafeERC20 for IERC20;

    address private transient _payer;

    /// @notice Sells to a Uniswap V2 pair, as UniswapV2Router02 does
    /// @param amountIn Base units; all of it is taken
    /// @param feePips The pair's fee
    function swapPair(ITradedPair pair, bool zeroForOne, uint256 amountIn, uint256 feePips)
        external
        returns (uint256 amountOut)
    {
        (uint256 reserveIn, uint256 reserveOut,) = pair.getReserves();
        if (!zeroForOne) (reserveIn, reserveOut) = (reserveOut, reserveIn);
        address tokenIn = zeroForOne ? pair.token0() : pair.token1();
        IERC20(tokenIn).safeTransferFrom(msg.sender, address(pair), amountIn);
        uint256 amountInWithFee = amountIn * (1_000_000 - feePips);
        amountOut = amountInWithFee * reserveOut / (reserveIn * 1_000_000 + amountInWithFee);
        pair.swap(zeroForOne ? 0 : amountOut, zeroForOne ? amountOut : 0, msg.sender, "");
    }

    /// @notice Sells to a pool of Uniswap V3, PancakeSwap V3 or Algebra
    /// @param amountIn Base units; less is taken where the price reaches the limit first
    function swapPool(ITradedPool pool, bool zeroForOne, uint256 amountIn, uint160 sqrtPriceLimitX96)
        external
        returns (int256 amount0, int256 amount1)
    {
        (_pool, _payer) = (address(pool), msg.sender);
        (amount0, amount1) = pool.swap(msg.sender, zeroForOne, int256(amountIn), sqrtPriceLimitX96, "");
        (_pool, _payer) = (address(0), address(0));
    }

    function _pay(int256 amount0, int256 amount1) internal override {
        ITradedPool pool = ITradedPool(msg.sender);
        if (amount0 > 0) IERC20(pool.token0()).safeTransferFrom(_payer, msg.sender, uint256(amount0));
        if (amount1 > 0) IERC20(pool.token1()).safeTransferFrom(_payer, msg.sender, uint256(amount1));
    }
}
