// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

interface IPoolOfFactory {
    function factory() external view returns (address);
}

interface IFactory {
    function isPool(address pool) external view returns (bool);
}

/// @title A bot with the holes that real ones were drained through.
/// @dev The negative control of attacks on things that the executor does not have at all: were the attacks of the tests
/// harmless, this contract would survive them.
contract NaiveBot {
    address private immutable _owner = msg.sender;

    receive() external payable {}

    /// @dev A1: believes whoever calls.
    function uniswapV2Call(address, uint256, uint256, bytes calldata data) external {
        (address token, uint256 amount) = abi.decode(data, (address, uint256));
        IERC20(token).transfer(msg.sender, amount);
    }

    /// @dev A2: asks a factory that the caller names.
    function uniswapV3SwapCallback(int256 amount0, int256, bytes calldata data) external {
        (address factory, address token) = abi.decode(data, (address, address));
        require(IFactory(factory).isPool(msg.sender), "not a pool");
        IERC20(token).transfer(msg.sender, uint256(amount0));
    }

    /// @dev A3: trusts the lender, and with it whoever told the lender to lend to us.
    function receiveFlashLoan(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256[] calldata fees,
        bytes calldata data
    ) external {
        (address target, bytes memory call) = abi.decode(data, (address, bytes));
        (bool success,) = target.call(call);
        require(success, "call");
        IERC20(tokens[0]).transfer(msg.sender, amounts[0] + fees[0]);
    }

    /// @dev A4: approves whoever calls for what it says.
    function onMorphoFlashLoan(uint256 amount, bytes calldata data) external {
        IERC20(abi.decode(data, (address))).approve(msg.sender, amount);
    }

    /// @dev A5: any target, any calldata.
    function execute(address target, bytes calldata data) external {
        (bool success,) = target.call(data);
        require(success, "call");
    }

    /// @dev A6: anybody may harvest, to wherever.
    function harvest(address token, address to) external {
        IERC20(token).transfer(to, IERC20(token).balanceOf(address(this)));
    }

    /// @dev A7: pays what a pool of the route asks for.
    function swap(address pool, address token) external {
        (bool success, bytes memory asked) = pool.call(abi.encodeWithSignature("price()"));
        require(success, "price");
        IERC20(token).transfer(pool, abi.decode(asked, (uint256)));
    }

    /// @dev A8: approves for ever what it wraps once.
    function wrap(address wrapper, address token) external {
        IERC20(token).approve(wrapper, type(uint256).max);
    }

    /// @dev A17: trusts who signed, not who calls.
    function withdraw(address token, address to, uint256 amount) external {
        require(tx.origin == _owner, "owner");
        IERC20(token).transfer(to, amount);
    }

    /// @dev A17: runs foreign code as its own.
    function delegate(address target, bytes calldata data) external {
        (bool success,) = target.delegatecall(data);
        require(success, "delegatecall");
    }
}

/// @title Code that a victim is made to run as its own.
contract Parasite {
    function drain(address token, address to) external {
        IERC20(token).transfer(to, IERC20(token).balanceOf(address(this)));
    }
}

/// @title Forces coins on a contract that may not want them.
contract Forcer {
    constructor(address payable to) payable {
        selfdestruct(to);
    }
}
