// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Pays pools of Uniswap V3, PancakeSwap V3 and Algebra when they ask for it
abstract contract SwapPayer {
    /// @notice Only the pool that is being traded with may ask for payment
    error CallerUnexpected(address caller);

    /// @dev The pool that is being traded with
    address internal transient _pool;

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        _payIfAsked(amount0, amount1);
    }

    function pancakeV3SwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        _payIfAsked(amount0, amount1);
    }

    function algebraSwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        _payIfAsked(amount0, amount1);
    }

    /// @dev Base units, positive where the pool that calls is owed
    function _pay(int256 amount0, int256 amount1) internal virtual;

    function _payIfAsked(int256 amount0, int256 amount1) private {
        if (msg.sender != _pool) revert CallerUnexpected(msg.sender);
        _pay(amount0, amount1);
    }
}
