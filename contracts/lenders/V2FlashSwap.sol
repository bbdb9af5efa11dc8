// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Trader} from "../Trader.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";
import {PairSwaps} from "../swaps/PairSwaps.sol";

/// @title The last pair of the cycle pays first and is paid by the hops before it: no lender, no premium.
/// @dev The plan must name the exact output of the last hop: the pair hands it out before it has its input.
abstract contract V2FlashSwap is Trader {
    using PlanReader for bytes;

    function _borrowFromLastPair(bytes calldata plan, uint256 last) internal returns (bool) {
        _expectLoan(plan.target(last), plan);
        return PairSwaps.swapFor(plan, last, plan.amountOut(last), address(this), plan);
    }

    function uniswapV2Call(address, uint256, uint256, bytes calldata plan) external {
        _tradeUpToLast(plan);
    }

    function pancakeCall(address, uint256, uint256, bytes calldata plan) external {
        _tradeUpToLast(plan);
    }

    function joeCall(address, uint256, uint256, bytes calldata plan) external {
        _tradeUpToLast(plan);
    }

    /// @dev Solidly's.
    function hook(address, uint256, uint256, bytes calldata plan) external {
        _tradeUpToLast(plan);
    }

    /// @dev The hop before the last pays its pair directly, as any hop before a pair does.
    function _tradeUpToLast(bytes calldata plan) private {
        _proveLoan(plan, PlanReader.V2_FLASH_SWAP);
        _trade(plan, plan.lastHop(), address(0));
    }
}
