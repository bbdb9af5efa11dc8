// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Trader} from "../Trader.sol";
import {IPoolManager} from "../interfaces/Protocols.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";

/// @title Flash accounting of Uniswap V4: once unlocked, the PoolManager hands out any amount that is settled in the end.
abstract contract UniswapV4Lender is Trader {
    using PlanReader for bytes;

    function _borrowUniswapV4(bytes calldata plan) internal returns (bool) {
        _expectLoan(plan.lender(), plan);
        return CappedCall.tryCall(plan.lender(), 0, abi.encodeCall(IPoolManager.unlock, (plan)));
    }

    /// @dev The PoolManager's callback: for a loan with the plan, for a single swap with that swap.
    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        if (_expectsLoan()) _takeAndTrade(data);
        else _unlockedForSwap(data);
        return "";
    }

    function _takeAndTrade(bytes calldata plan) private {
        _proveLoan(plan, PlanReader.UNISWAP_V4);
        IPoolManager(msg.sender).take(plan.token(), address(this), plan.amountIn());
        _trade(plan, plan.length, msg.sender);
        _settle(msg.sender, plan.token(), plan.amountIn());
    }
}
