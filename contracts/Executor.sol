// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Lenders} from "./Lenders.sol";
import {IExecutor} from "./interfaces/IExecutor.sol";
import {IWETH} from "./interfaces/Protocols.sol";
import {CappedCall} from "./libraries/CappedCall.sol";
import {PlanReader} from "./libraries/PlanReader.sol";
import {V4Swaps} from "./swaps/V4Swaps.sol";

/// @title Borrows, swaps along a cycle, repays, checks the profit and keeps it.
/// @dev IExecutor.sol says what each function promises; README.md names the attacks and what stands against each.
contract Executor is IExecutor, Ownable2Step, Pausable, ReentrancyGuardTransient, Lenders {
    using PlanReader for bytes;

    uint256 private constant BPS = 10_000;
    /// @dev Enough for a builder's contract to note the payment, too little to burn ours.
    uint256 private constant TIP_GAS = 30_000;

    mapping(address account => bool) private _operators;

    constructor(address owner, address wrappedNative) Ownable(owner) V4Swaps(wrappedNative) {}

    /// @dev The wrapped coin and V4 pay us in the native one; gifts are the owner's to withdraw.
    receive() external payable {}

    /// @inheritdoc IExecutor
    function execute(bytes calldata plan) external nonReentrant returns (uint256 profit, uint256 gasUsed) {
        uint256 gasBefore = gasleft();
        if (!_operators[msg.sender]) revert NotOperator(msg.sender);
        _requireNotPaused();
        uint256 last = plan.check();
        _requireItsTime(plan);

        address token = plan.token();
        uint256 before = IERC20(token).balanceOf(address(this));
        _borrowAndTrade(plan, last);
        profit = _settleProfit(plan, token, before);
        gasUsed = gasBefore - gasleft();
    }

    /// @inheritdoc IExecutor
    function addOperator(address operator) external onlyOwner {
        _operators[operator] = true;
        emit OperatorAdded(operator);
    }

    /// @inheritdoc IExecutor
    function removeOperator(address operator) external onlyOwner {
        _operators[operator] = false;
        emit OperatorRemoved(operator);
    }

    /// @inheritdoc IExecutor
    function isOperator(address account) external view returns (bool) {
        return _operators[account];
    }

    /// @inheritdoc IExecutor
    function pause() external onlyOwner {
        _pause();
    }

    /// @inheritdoc IExecutor
    function unpause() external onlyOwner {
        _unpause();
    }

    /// @inheritdoc IExecutor
    function withdraw(address token, address to, uint256 amount) external onlyOwner nonReentrant {
        // Not SafeERC20: a token that answers `false`, or rubbish, must not keep what it moved all the same.
        if (!CappedCall.tryCall(token, 0, abi.encodeCall(IERC20.transfer, (to, amount)))) {
            revert WithdrawalFailed(to, amount);
        }
        emit Withdrawn(token, to, amount);
    }

    /// @inheritdoc IExecutor
    function withdrawNative(address to, uint256 amount) external onlyOwner nonReentrant {
        if (!CappedCall.tryCall(to, amount, "")) revert WithdrawalFailed(to, amount);
        emit Withdrawn(address(0), to, amount);
    }

    /// @dev Without an owner nothing could be withdrawn any more.
    function renounceOwnership() public pure override {
        revert OwnershipNotRenounceable();
    }

    function _requireItsTime(bytes calldata plan) private view {
        if (plan.chainId() != block.chainid) revert WrongChain(plan.chainId());
        if (block.timestamp > plan.deadline()) revert Expired(plan.deadline());
        if (block.number < plan.firstBlock() || block.number > plan.lastBlock()) {
            revert WrongBlock(plan.firstBlock(), plan.lastBlock());
        }
    }

    /// @dev Holds the balance against what it was before the loan, pays the tip, and reports.
    function _settleProfit(bytes calldata plan, address token, uint256 before) private returns (uint256 profit) {
        uint256 current = IERC20(token).balanceOf(address(this));
        uint256 minProfit = plan.minProfit();
        if (current < before + minProfit) revert ProfitTooLow(int256(current) - int256(before), minProfit);
        profit = current - before;
        // Rounds down, for us.
        uint256 tip = profit * plan.tipBps() / BPS;
        if (tip != 0) {
            profit -= tip;
            if (profit < minProfit) revert ProfitTooLow(int256(profit), minProfit);
            _payTip(plan.tipTo(), token, tip);
        }
        emit Executed(msg.sender, token, plan.amountIn(), profit, tip);
    }

    function _payTip(address tipTo, address token, uint256 tip) private {
        address to = tipTo == address(0) ? block.coinbase : tipTo;
        if (token != WRAPPED_NATIVE) revert TipFailed(to, tip);
        IWETH(WRAPPED_NATIVE).withdraw(tip);
        if (!CappedCall.trySend(to, tip, TIP_GAS)) revert TipFailed(to, tip);
    }
}
