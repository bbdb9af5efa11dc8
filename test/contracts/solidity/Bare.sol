// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

interface IBareVault {
    function flashLoan(address recipient, address[] memory tokens, uint256[] memory amounts, bytes memory data)
        external;
}

interface IBarePair {
    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external;
}

interface IBarePool {
    function swap(address recipient, bool zeroForOne, int256 amount, uint160 limit, bytes calldata data)
        external
        returns (int256 amount0, int256 amount1);
}

/// @title The least that a loan or a swap costs: no checks, no choice.
contract Bare {
    function borrow(address vault, address token, uint256 amount) external {
        address[] memory tokens = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (tokens[0], amounts[0]) = (token, amount);
        IBareVault(vault).flashLoan(address(this), tokens, amounts, "");
    }

    function receiveFlashLoan(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256[] calldata,
        bytes calldata
    ) external {
        IERC20(tokens[0]).transfer(msg.sender, amounts[0]);
    }

    function swapPair(address pair, address tokenIn, uint256 amountIn, uint256 amount0Out, uint256 amount1Out)
        external
    {
        IERC20(tokenIn).transfer(pair, amountIn);
        IBarePair(pair).swap(amount0Out, amount1Out, address(this), "");
    }

    function swapPool(address pool, address tokenIn, bool zeroForOne, uint256 amountIn) external {
        IBarePool(pool).swap(
            address(this),
            zeroForOne,
            int256(amountIn),
            zeroForOne ? 4295128740 : 1461446703485210103287273052203988822378723970341,
            abi.encode(tokenIn)
        );
    }

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata data) external {
        IERC20(abi.decode(data, (address))).transfer(msg.sender, uint256(amount0 > 0 ? amount0 : amount1));
    }
}

/// @title One route by hand: three pairs, the last of which pays first. Nothing but its owner is checked.
contract Triangle {
    address private immutable _owner = msg.sender;
    address private immutable _token;
    IBarePair private immutable _first;
    IBarePair private immutable _second;
    IBarePair private immutable _third;
    bool private immutable _zeroForOne1;
    bool private immutable _zeroForOne2;
    bool private immutable _zeroForOne3;

    constructor(address token, address[3] memory pairs, bool[3] memory zeroForOne) {
        _token = token;
        (_first, _second, _third) = (IBarePair(pairs[0]), IBarePair(pairs[1]), IBarePair(pairs[2]));
        (_zeroForOne1, _zeroForOne2, _zeroForOne3) = (zeroForOne[0], zeroForOne[1], zeroForOne[2]);
    }

    function run(uint256 amountIn, uint256 amount1, uint256 amount2, uint256 amountOut) external {
        require(msg.sender == _owner);
        _swap(_third, _zeroForOne3, amountOut, address(this), abi.encode(amountIn, amount1, amount2));
    }

    function uniswapV2Call(address, uint256, uint256, bytes calldata data) external {
        require(msg.sender == address(_third));
        (uint256 amountIn, uint256 amount1, uint256 amount2) = abi.decode(data, (uint256, uint256, uint256));
        IERC20(_token).transfer(address(_first), amountIn);
        _swap(_first, _zeroForOne1, amount1, address(_second), "");
        _swap(_second, _zeroForOne2, amount2, address(_third), "");
    }

    function _swap(IBarePair pair, bool zeroForOne, uint256 amountOut, address to, bytes memory data) private {
        (uint256 out0, uint256 out1) = zeroForOne ? (uint256(0), amountOut) : (amountOut, uint256(0));
        pair.swap(out0, out1, to, data);
    }
}
