// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IExecutor} from "./interfaces/IExecutor.sol";
import {AaveV3Lender} from "./lenders/AaveV3Lender.sol";
import {BalancerV2Lender} from "./lenders/BalancerV2Lender.sol";
import {BalancerV3Lender} from "./lenders/BalancerV3Lender.sol";
import {MorphoLender} from "./lenders/MorphoLender.sol";
import {UniswapV3Lender} from "./lenders/UniswapV3Lender.sol";
import {UniswapV4Lender} from "./lenders/UniswapV4Lender.sol";
import {V2FlashSwap} from "./lenders/V2FlashSwap.sol";
import {CappedCall} from "./libraries/CappedCall.sol";
import {PlanReader} from "./libraries/PlanReader.sol";

/// @title Finds the plan's lender: borrows, trades in its callback, repays.
abstract contract Lenders is
    BalancerV2Lender,
    MorphoLender,
    AaveV3Lender,
    UniswapV3Lender,
    V2FlashSwap,
    UniswapV4Lender,
    BalancerV3Lender
{
    using PlanReader for bytes;

    /// @dev `last` is where the last hop begins.
    function _borrowAndTrade(bytes calldata plan, uint256 last) internal {
        uint256 kind = plan.lenderKind();
        if (kind == PlanReader.NONE) {
            _trade(plan, plan.length, address(0));
            return;
        }
        if (!_borrow(kind, plan, last)) revert IExecutor.LoanFailed(CappedCall.reason());
        if (!_expectsNobody()) revert IExecutor.LoanMissing();
    }

    function _borrow(uint256 kind, bytes calldata plan, uint256 last) private returns (bool) {
        if (kind == PlanReader.LENDER_BALANCER_V2) return _borrowBalancerV2(plan);
        if (kind == PlanReader.MORPHO) return _borrowMorpho(plan);
        if (kind == PlanReader.AAVE_V3) return _borrowAaveV3(plan);
        if (kind == PlanReader.UNISWAP_V3) return _borrowUniswapV3(plan);
        if (kind == PlanReader.V2_FLASH_SWAP) return _borrowFromLastPair(plan, last);
        if (kind == PlanReader.UNISWAP_V4) return _borrowUniswapV4(plan);
        return _borrowBalancerV3(plan);
    }
}
