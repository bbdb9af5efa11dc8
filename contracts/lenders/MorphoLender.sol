// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Trader} from "../Trader.sol";
import {IMorpho} from "../interfaces/Protocols.sol";
import {Allowances} from "../libraries/Allowances.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";

/// @title Loans of Morpho Blue, free. It pulls its coins back after the callback.
abstract contract MorphoLender is Trader {
    using PlanReader for bytes;
    using SafeERC20 for IERC20;

    function _borrowMorpho(bytes calldata plan) internal returns (bool success) {
        address morpho = plan.lender();
        _expectLoan(morpho, plan);
        success = CappedCall.tryCall(
            morpho, 0, abi.encodeCall(IMorpho.flashLoan, (plan.token(), plan.amountIn(), plan))
        );
        if (success) Allowances.revoke(plan.token(), morpho);
    }

    function onMorphoFlashLoan(uint256, bytes calldata plan) external {
        _proveLoan(plan, PlanReader.MORPHO);
        _trade(plan, plan.length, address(0));
        IERC20(plan.token()).forceApprove(msg.sender, plan.amountIn());
    }
}
