// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Trader} from "../Trader.sol";
import {IExecutor} from "../interfaces/IExecutor.sol";
import {IAaveV3Pool} from "../interfaces/Protocols.sol";
import {Allowances} from "../libraries/Allowances.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";

/// @title Loans of Aave V3, for a premium. It pulls loan and premium back after the callback.
abstract contract AaveV3Lender is Trader {
    using PlanReader for bytes;
    using SafeERC20 for IERC20;

    function _borrowAaveV3(bytes calldata plan) internal returns (bool success) {
        address pool = plan.lender();
        _expectLoan(pool, plan);
        success = CappedCall.tryCall(
            pool,
            0,
            abi.encodeCall(
                IAaveV3Pool.flashLoanSimple, (address(this), plan.token(), plan.amountIn(), plan, 0)
            )
        );
        if (success) Allowances.revoke(plan.token(), pool);
    }

    /// @param initiator who asked for the loan: anybody may ask for one in our name
    function executeOperation(address, uint256, uint256 premium, address initiator, bytes calldata plan)
        external
        returns (bool)
    {
        _proveLoan(plan, PlanReader.AAVE_V3);
        if (initiator != address(this)) revert IExecutor.UnexpectedCallback(initiator);
        _trade(plan, plan.length, address(0));
        IERC20(plan.token()).forceApprove(msg.sender, plan.amountIn() + premium);
        return true;
    }
}
