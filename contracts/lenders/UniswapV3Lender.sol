// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Trader} from "../Trader.sol";
import {IUniswapV3Pool} from "../interfaces/Protocols.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";

/// @title Flash loans of the V3 family's pools, for the pool's fee. A pool cannot be traded while it lends.
abstract contract UniswapV3Lender is Trader {
    using PlanReader for bytes;
    using SafeERC20 for IERC20;

    function _borrowUniswapV3(bytes calldata plan) internal returns (bool) {
        uint256 amount = plan.amountIn();
        (uint256 amount0, uint256 amount1) = plan.lendsToken1() ? (uint256(0), amount) : (amount, uint256(0));
        _expectLoan(plan.lender(), plan);
        return CappedCall.tryCall(
            plan.lender(), 0, abi.encodeCall(IUniswapV3Pool.flash, (address(this), amount0, amount1, plan))
        );
    }

    function uniswapV3FlashCallback(uint256 fee0, uint256 fee1, bytes calldata plan) external {
        _tradeAndRepay(fee0, fee1, plan);
    }

    function pancakeV3FlashCallback(uint256 fee0, uint256 fee1, bytes calldata plan) external {
        _tradeAndRepay(fee0, fee1, plan);
    }

    function algebraFlashCallback(uint256 fee0, uint256 fee1, bytes calldata plan) external {
        _tradeAndRepay(fee0, fee1, plan);
    }

    function _tradeAndRepay(uint256 fee0, uint256 fee1, bytes calldata plan) private {
        _proveLoan(plan, PlanReader.UNISWAP_V3);
        _trade(plan, plan.length, address(0));
        uint256 fee = plan.lendsToken1() ? fee1 : fee0;
        IERC20(plan.token()).safeTransfer(msg.sender, plan.amountIn() + fee);
    }
}
