// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IExecutor} from "./interfaces/IExecutor.sol";
import {PlanReader} from "./libraries/PlanReader.sol";

/// @title The one callback the executor waits for.
/// @dev Before it calls a pool or a lender that calls back, the executor writes down in transient storage (EIP-1153) who
/// may call, what for, and what it may have. The callback proves all of it, once: whoever else calls back, calls twice,
/// brings other data or asks for more, reverts. No factory, no init code and no argument has to be trusted.
///
/// A swap inside a loan begins after the loan's callback was taken, so there is never more than one to wait for.
abstract contract CallbackProof {
    using PlanReader for bytes;

    /// @dev What a callback is for is part of the proof: no pool can play lender.
    uint256 private constant LOAN = 1;
    uint256 private constant PAYMENT = 2;
    uint256 private constant UNLOCK = 3;

    /// @dev Purpose and caller: `purpose << 160 | caller`; 0 while nobody is waited for.
    uint256 private transient _expected;
    /// @dev Of a loan or an unlock: hash of the data that must come back. Of a payment: the token.
    uint256 private transient _detail;
    /// @dev Of a payment: most that may be taken.
    uint256 private transient _limit;

    /// @dev Waits for a lender to call back with exactly this plan.
    function _expectLoan(address lender, bytes calldata plan) internal {
        _expected = _proof(lender, LOAN);
        _detail = uint256(keccak256(plan));
    }

    /// @dev Waits for a pool that asks for up to `limit` base units of `token`.
    function _expectPayment(address pool, address token, uint256 limit) internal {
        _expected = _proof(pool, PAYMENT);
        _detail = uint160(token);
        _limit = limit;
    }

    /// @dev Waits for a PoolManager to unlock for the swap in this data.
    function _expectUnlock(address manager, bytes memory data) internal {
        _expected = _proof(manager, UNLOCK);
        _detail = uint256(keccak256(data));
    }

    /// @dev Proves that this is the loan's callback, and by the function that this kind of lender calls: only those
    /// that approve the lender have the allowance taken back afterwards.
    function _proveLoan(bytes calldata plan, uint256 lenderKind) internal {
        _prove(LOAN);
        if (plan.lenderKind() != lenderKind) revert IExecutor.UnexpectedCallback(msg.sender);
        if (_detail != uint256(keccak256(plan))) revert IExecutor.UnexpectedCallback(msg.sender);
    }

    /// @dev Proves that this is the pool's callback and that it may have `amount`. Returns the token to pay with.
    function _provePayment(uint256 amount) internal returns (address token) {
        _prove(PAYMENT);
        if (amount > _limit) revert IExecutor.UnexpectedCallback(msg.sender);
        return address(uint160(_detail));
    }

    /// @dev Proves that this is the unlock of a single swap.
    function _proveUnlock(bytes calldata data) internal {
        _prove(UNLOCK);
        if (_detail != uint256(keccak256(data))) revert IExecutor.UnexpectedCallback(msg.sender);
    }

    /// @dev Whether the callback waited for is a loan's.
    function _expectsLoan() internal view returns (bool) {
        return _expected >> 160 == LOAN;
    }

    /// @dev Whether the one waited for never called.
    function _expectsNobody() internal view returns (bool) {
        return _expected == 0;
    }

    /// @dev A pool that did not call back has lost the right to.
    function _expectNobody() internal {
        _expected = 0;
    }

    function _prove(uint256 purpose) private {
        if (_expected != _proof(msg.sender, purpose)) revert IExecutor.UnexpectedCallback(msg.sender);
        _expected = 0;
    }

    function _proof(address caller, uint256 purpose) private pure returns (uint256) {
        return purpose << 160 | uint160(caller);
    }
}
