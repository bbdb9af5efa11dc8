// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface ISolidlyCallee {
    function hook(address sender, uint256 amount0, uint256 amount1, bytes calldata data) external;
}

/// @title A volatile pair with the interface and the arithmetic of Solidly's.
/// @dev Solidly publishes no package: this is an independent implementation. The fee leaves the input first.
contract SolidlyPair {
    using SafeERC20 for IERC20;

    uint256 private constant FEE_BPS = 30;

    address public immutable token0;
    address public immutable token1;
    uint256 private _reserve0;
    uint256 private _reserve1;

    constructor(address tokenA, address tokenB) {
        (token0, token1) = tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
    }

    function getReserves() external view returns (uint256, uint256, uint256) {
        return (_reserve0, _reserve1, block.timestamp);
    }

    function getAmountOut(uint256 amountIn, address tokenIn) public view returns (uint256) {
        (uint256 reserveIn, uint256 reserveOut) =
            tokenIn == token0 ? (_reserve0, _reserve1) : (_reserve1, _reserve0);
        amountIn -= amountIn * FEE_BPS / 10_000;
        return amountIn * reserveOut / (reserveIn + amountIn);
    }

    function sync() public {
        _reserve0 = IERC20(token0).balanceOf(address(this));
        _reserve1 = IERC20(token1).balanceOf(address(this));
    }

    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external {
        if (amount0Out > 0) IERC20(token0).safeTransfer(to, amount0Out);
        if (amount1Out > 0) IERC20(token1).safeTransfer(to, amount1Out);
        if (data.length > 0) ISolidlyCallee(to).hook(msg.sender, amount0Out, amount1Out, data);
        uint256 in0 = _received(IERC20(token0).balanceOf(address(this)), _reserve0, amount0Out);
        uint256 in1 = _received(IERC20(token1).balanceOf(address(this)), _reserve1, amount1Out);
        uint256 k = (_reserve0 - amount0Out + in0 - in0 * FEE_BPS / 10_000)
            * (_reserve1 - amount1Out + in1 - in1 * FEE_BPS / 10_000);
        require(k >= _reserve0 * _reserve1, "K");
        sync();
    }

    function _received(uint256 balance, uint256 reserve, uint256 out) private pure returns (uint256) {
        return balance > reserve - out ? balance - (reserve - out) : 0;
    }
}
