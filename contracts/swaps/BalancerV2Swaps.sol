// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IBalancerV2Vault} from "../interfaces/Protocols.sol";
import {Allowances} from "../libraries/Allowances.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";

/// @title Swaps through the Balancer V2 Vault.
/// @dev The Vault pulls the input: it is allowed exactly that, for the length of the call.
library BalancerV2Swaps {
    using PlanReader for bytes;
    using SafeERC20 for IERC20;

    uint8 private constant GIVEN_IN = 0;

    /// @dev Sells `amountIn`. False where the Vault reverted.
    function swap(bytes calldata plan, uint256 hop, address tokenIn, uint256 amountIn, address receiver)
        internal
        returns (bool success)
    {
        address vault = plan.target(hop);
        IERC20(tokenIn).forceApprove(vault, amountIn);
        success = CappedCall.tryCall(
            vault,
            0,
            abi.encodeCall(
                IBalancerV2Vault.swap,
                (
                    IBalancerV2Vault.SingleSwap(
                        plan.poolId(hop), GIVEN_IN, tokenIn, plan.tokenOut(hop), amountIn, ""
                    ),
                    IBalancerV2Vault.FundManagement(address(this), false, receiver, false),
                    plan.amountOut(hop),
                    block.timestamp
                )
            )
        );
        if (success) Allowances.revoke(tokenIn, vault);
    }
}
