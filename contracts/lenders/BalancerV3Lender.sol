// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Trader} from "../Trader.sol";
import {IBalancerV3Vault} from "../interfaces/Protocols.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";

/// @title Transient accounting of Balancer V3: once unlocked, the Vault hands out any amount that is settled in the end.
/// @dev The Vault calls back with the very calldata that `unlock` was given.
abstract contract BalancerV3Lender is Trader {
    using PlanReader for bytes;
    using SafeERC20 for IERC20;

    function _borrowBalancerV3(bytes calldata plan) internal returns (bool) {
        _expectLoan(plan.lender(), plan);
        return CappedCall.tryCall(
            plan.lender(),
            0,
            abi.encodeCall(IBalancerV3Vault.unlock, (abi.encodeCall(this.balancerV3UnlockCallback, (plan))))
        );
    }

    function balancerV3UnlockCallback(bytes calldata plan) external {
        _proveLoan(plan, PlanReader.BALANCER_V3);
        uint256 amount = plan.amountIn();
        IBalancerV3Vault(msg.sender).sendTo(plan.token(), address(this), amount);
        _trade(plan, plan.length, address(0));
        IERC20(plan.token()).safeTransfer(msg.sender, amount);
        IBalancerV3Vault(msg.sender).settle(plan.token(), amount);
    }
}
