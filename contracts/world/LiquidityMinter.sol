// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IConcentratedPool {
    function token0() external view returns (address);

    function token1() external view returns (address);

    /// @dev Uniswap V3 and PancakeSwap V3
    function mint(address recipient, int24 tickLower, int24 tickUpper, uint128 amount, bytes calldata data)
        external
        returns (uint256 amount0, uint256 amount1);

    /// @dev Algebra: `sender` is given back what was paid for more liquidity than it got
    function mint(
        address sender,
        address recipient,
        int24 bottomTick,
        int24 topTick,
        uint128 liquidityDesired,
        bytes calldata data
    ) external returns (uint256 amount0, uint256 amount1, uint128 liquidityActual);
}

/// @title Adds positions to concentrated pools, paid by its caller's allowance
contract LiquidityMinter {
    using SafeERC20 for IERC20;

    struct Position {
        int24 tickLower;
        int24 tickUpper;
        uint128 liquidity;
    }

    /// @notice Only the pool that is being added to may ask for payment
    error CallerUnexpected(address caller);

    address private transient _pool;
    address private transient _payer;

    modifier paying(address pool) {
        _pool = pool;
        _payer = msg.sender;
        _;
        _pool = address(0);
        _payer = address(0);
    }

    /// @notice Adds to a pool of Uniswap V3 or PancakeSwap V3; the positions belong to this contract
    function mintUniswap(IConcentratedPool pool, Position[] calldata positions) external paying(address(pool)) {
        for (uint256 i = 0; i < positions.length; i++) {
            Position calldata p = positions[i];
            pool.mint(address(this), p.tickLower, p.tickUpper, p.liquidity, "");
        }
    }

    /// @notice Adds to a pool of Algebra; the positions belong to this contract
    function mintAlgebra(IConcentratedPool pool, Position[] calldata positions) external paying(address(pool)) {
        for (uint256 i = 0; i < positions.length; i++) {
            Position calldata p = positions[i];
            pool.mint(msg.sender, address(this), p.tickLower, p.tickUpper, p.liquidity, "");
        }
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        _pay(amount0, amount1);
    }

    function pancakeV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        _pay(amount0, amount1);
    }

    function algebraMintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        _pay(amount0, amount1);
    }

    function _pay(uint256 amount0, uint256 amount1) private {
        if (msg.sender != _pool) revert CallerUnexpected(msg.sender);
        IConcentratedPool pool = IConcentratedPool(msg.sender);
        if (amount0 > 0) IERC20(pool.token0()).safeTransferFrom(_payer, msg.sender, amount0);
        if (amount1 > 0) IERC20(pool.token1()).safeTransferFrom(_payer, msg.sender, amount1);
    }
}
