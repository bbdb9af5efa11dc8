// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Trader} from "../Trader.sol";
import {IBalancerV2Vault} from "../interfaces/Protocols.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";

/// @title Loans of the Balancer V2 Vault. It takes its coins back by looking at its own balance.
abstract contract BalancerV2Lender is Trader {
    using PlanReader for bytes;
    using SafeERC20 for IERC20;

    function _borrowBalancerV2(bytes calldata plan) internal returns (bool) {
        address[] memory tokens = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        tokens[0] = plan.token();
        amounts[0] = plan.amountIn();
        _expectLoan(plan.lender(), plan);
        return CappedCall.tryCall(
            plan.lender(), 0, abi.encodeCall(IBalancerV2Vault.flashLoan, (address(this), tokens, amounts, plan))
        );
    }

    /// @dev The Vault's callback. Only its fee is believed: the rest stands in the plan.
    function receiveFlashLoan(
        address[] calldata,
        uint256[] calldata,
        uint256[] calldata feeAmounts,
        bytes calldata plan
    ) external {
        _proveLoan(plan, PlanReader.LENDER_BALANCER_V2);
        _trade(plan, plan.length, address(0));
        IERC20(plan.token()).safeTransfer(msg.sender, plan.amountIn() + feeAmounts[0]);
    }
}
