// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {CallbackProof} from "../CallbackProof.sol";
import {IExecutor} from "../interfaces/IExecutor.sol";
import {IPoolManager, IWETH} from "../interfaces/Protocols.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {PlanReader} from "../libraries/PlanReader.sol";
import {SqrtPriceLimits} from "../libraries/SqrtPriceLimits.sol";

/// @title Swaps through Uniswap V4: one PoolManager holds all pools and settles what a swap owes.
/// @dev Where the loan comes from the same PoolManager it is unlocked already, else it is unlocked for the one swap.
abstract contract V4Swaps is CallbackProof {
    using PlanReader for bytes;
    using SafeERC20 for IERC20;

    /// @dev Wraps the native coin: V4 pools may hold it bare.
    address internal immutable WRAPPED_NATIVE;

    struct V4Swap {
        IPoolManager.PoolKey key;
        bool zeroForOne;
        uint256 amountIn;
        address receiver;
    }

    constructor(address wrappedNative) {
        WRAPPED_NATIVE = wrappedNative;
    }

    /// @dev Sells `amountIn`; `unlocked` is the PoolManager that lends, or zero. False where the PoolManager reverted.
    function _swapV4(
        bytes calldata plan,
        uint256 hop,
        address tokenIn,
        uint256 amountIn,
        address receiver,
        address unlocked
    ) internal returns (bool success) {
        address manager = plan.target(hop);
        V4Swap memory swap = V4Swap(_key(plan, hop, tokenIn), plan.zeroForOne(hop), amountIn, receiver);
        if (manager == unlocked) return _swapUnlocked(manager, swap);
        bytes memory data = abi.encode(swap);
        _expectUnlock(manager, data);
        success = CappedCall.tryCall(manager, 0, abi.encodeCall(IPoolManager.unlock, (data)));
        _expectNobody();
    }

    /// @dev The PoolManager called back: swaps, pays, takes.
    function _unlockedForSwap(bytes calldata data) internal {
        _proveUnlock(data);
        if (!_swapUnlocked(msg.sender, abi.decode(data, (V4Swap)))) CappedCall.revertWithReason();
    }

    function _swapUnlocked(address manager, V4Swap memory swap) private returns (bool) {
        (bool success, uint256 owed, uint256 due) = _swapInPool(manager, swap);
        if (!success) return false;
        (address currencyIn, address currencyOut) =
            swap.zeroForOne ? (swap.key.currency0, swap.key.currency1) : (swap.key.currency1, swap.key.currency0);
        _settle(manager, currencyIn, owed);
        _take(manager, currencyOut, swap.receiver, due);
        return true;
    }

    /// @dev What the swap owes, never more than was to be sold, and what is due to us.
    function _swapInPool(address manager, V4Swap memory swap)
        private
        returns (bool success, uint256 owed, uint256 due)
    {
        // V4's sign: negative is an exact input.
        IPoolManager.SwapParams memory params =
            IPoolManager.SwapParams(swap.zeroForOne, -int256(swap.amountIn), SqrtPriceLimits.furthest(swap.zeroForOne));
        uint256 word;
        (success, word) = CappedCall.tryCallForWord(manager, abi.encodeCall(IPoolManager.swap, (swap.key, params, "")));
        if (!success) return (false, 0, 0);
        int256 delta = int256(word);
        (int256 deltaIn, int256 deltaOut) = (delta >> 128, int256(int128(delta)));
        if (!swap.zeroForOne) (deltaIn, deltaOut) = (deltaOut, deltaIn);
        owed = deltaIn < 0 ? uint256(-deltaIn) : 0;
        due = deltaOut > 0 ? uint256(deltaOut) : 0;
        if (owed > swap.amountIn) revert IExecutor.UnexpectedCallback(manager);
    }

    function _settle(address manager, address currency, uint256 amount) internal {
        IPoolManager(manager).sync(currency);
        if (currency == address(0)) {
            IWETH(WRAPPED_NATIVE).withdraw(amount);
            IPoolManager(manager).settle{value: amount}();
        } else {
            IERC20(currency).safeTransfer(manager, amount);
            IPoolManager(manager).settle();
        }
    }

    /// @dev The native coin is wrapped on the way: as much as really came, whatever the PoolManager says.
    function _take(address manager, address currency, address receiver, uint256 amount) private {
        if (currency != address(0)) {
            IPoolManager(manager).take(currency, receiver, amount);
            return;
        }
        uint256 before = address(this).balance;
        IPoolManager(manager).take(address(0), address(this), amount);
        uint256 received = address(this).balance - before;
        IWETH(WRAPPED_NATIVE).deposit{value: received}();
        if (receiver != address(this)) IERC20(WRAPPED_NATIVE).safeTransfer(receiver, received);
    }

    /// @dev A pool of the native coin has it as currency0; in the plan it goes by its wrapped form.
    function _key(bytes calldata plan, uint256 hop, address tokenIn)
        private
        view
        returns (IPoolManager.PoolKey memory)
    {
        (address currency0, address currency1) =
            plan.zeroForOne(hop) ? (tokenIn, plan.tokenOut(hop)) : (plan.tokenOut(hop), tokenIn);
        if (plan.isNative(hop)) {
            // Else another token's amount would be paid with our wrapped coins.
            if (currency0 != WRAPPED_NATIVE) revert IExecutor.PlanMalformed();
            currency0 = address(0);
        }
        return IPoolManager.PoolKey(
            currency0, currency1, plan.feePips(hop), plan.tickSpacing(hop), plan.hooks(hop)
        );
    }
}
