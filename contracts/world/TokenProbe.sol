// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ISolidlyPair, IUniswapV3Pool} from "../interfaces/Protocols.sol";
import {SwapPayer} from "./SwapPayer.sol";

interface IProbedPair is ISolidlyPair {
    function token0() external view returns (address);
}

/// @title Buys a token and sells it again, and tells what left, what arrived and what it was paid
/// @dev For copies of a chain only: whoever calls it spends what it has.
contract TokenProbe is SwapPayer {
    using SafeERC20 for IERC20;

    /// @dev Pair: Uniswap V2. Pool: Uniswap V3, PancakeSwap V3, Slipstream, Algebra.
    enum Kind {
        Pair,
        SolidlyPair,
        Pool
    }

    struct Hop {
        Kind kind;
        address pool;
        address tokenIn;
        address tokenOut;
        /// @dev The most that is sold, in base units of tokenIn
        uint256 amountIn;
        /// @dev Of a Uniswap V2 pair
        uint256 feePips;
    }

    /// @dev How far a trial came
    enum Stage {
        Unreachable,
        Unbuyable,
        Unsellable,
        Done
    }

    /// @dev Base units: of the token, but for `paid`
    struct Trial {
        Stage stage;
        /// @dev What the contract here had of the token at first, and at last
        uint256 heldBefore;
        uint256 heldAfter;
        /// @dev The purchase: what the pool says it gave, what it has less, what came here
        uint256 promised;
        uint256 left;
        uint256 arrived;
        /// @dev The sale: what was to be sent, what is gone from here, what came to the pool, and what that paid
        uint256 sent;
        uint256 gone;
        uint256 reached;
        uint256 paid;
    }

    /// @notice Less came to the pool than was sent
    error Short(uint256 sent, uint256 gone, uint256 reached);

    uint160 private constant MIN_SQRT_RATIO = 4295128739;
    uint160 private constant MAX_SQRT_RATIO = 1461446703485210103287273052203988822378723970342;
    /// @dev One that eats all gas must not take what the answer needs
    uint256 private constant STEP_GAS = 3_000_000;

    address private transient _tokenIn;

    /// @notice Buys the last token of the path and sells it back to the pool it came from, in one transaction
    function roundTrip(Hop[] calldata path) external returns (Trial memory trial) {
        uint256 last = path.length - 1;
        for (uint256 i = 0; i < last; i++) {
            try this.trade{gas: STEP_GAS}(path[i]) {} catch {
                return trial;
            }
        }
        Hop memory hop = path[last];
        trial.stage = Stage.Unbuyable;
        try this.buy{gas: STEP_GAS}(hop) returns (Trial memory bought) {
            trial = bought;
        } catch {
            return trial;
        }
        _sell(hop, trial, trial.arrived);
    }

    /// @notice Buys the last token of the path and keeps it
    function hold(Hop[] calldata path) external {
        for (uint256 i = 0; i < path.length; i++) trade(path[i]);
    }

    /// @notice Sells all that is held of the token that the hop buys
    function sellHeld(Hop calldata hop) external returns (Trial memory trial) {
        trial.stage = Stage.Unsellable;
        trial.heldBefore = IERC20(hop.tokenOut).balanceOf(address(this));
        _sell(hop, trial, trial.heldBefore);
    }

    /// @notice The purchase of a trial; called by this contract itself
    function buy(Hop calldata hop) external returns (Trial memory trial) {
        IERC20 token = IERC20(hop.tokenOut);
        trial.stage = Stage.Unsellable;
        trial.heldBefore = token.balanceOf(address(this));
        uint256 poolBefore = token.balanceOf(hop.pool);
        trial.promised = trade(hop);
        trial.left = _saturatingSub(poolBefore, token.balanceOf(hop.pool));
        trial.arrived = _saturatingSub(token.balanceOf(address(this)), trial.heldBefore);
    }

    /// @notice The sale of a trial; called by this contract itself
    function sell(Hop calldata hop) external returns (uint256 gone, uint256 reached, uint256 paid) {
        uint256 before = IERC20(hop.tokenOut).balanceOf(address(this));
        if (hop.kind == Kind.Pool) {
            uint256 held = IERC20(hop.tokenIn).balanceOf(address(this));
            _tradePool(hop, hop.amountIn);
            gone = _saturatingSub(held, IERC20(hop.tokenIn).balanceOf(address(this)));
            reached = gone;
        } else {
            (gone, reached) = _send(IERC20(hop.tokenIn), hop.pool, hop.amountIn);
            _takeFromPair(hop, reached);
        }
        paid = _saturatingSub(IERC20(hop.tokenOut).balanceOf(address(this)), before);
    }

    /// @notice Sells at most what is here
    function trade(Hop calldata hop) public returns (uint256 amountOut) {
        uint256 held = IERC20(hop.tokenIn).balanceOf(address(this));
        uint256 amountIn = hop.amountIn < held ? hop.amountIn : held;
        if (hop.kind == Kind.Pool) return _tradePool(hop, amountIn);
        (, uint256 reached) = _send(IERC20(hop.tokenIn), hop.pool, amountIn);
        return _takeFromPair(hop, reached);
    }

    function _sell(Hop memory hop, Trial memory trial, uint256 amount) private {
        (hop.tokenIn, hop.tokenOut, hop.amountIn) = (hop.tokenOut, hop.tokenIn, amount);
        trial.sent = amount;
        try this.sell{gas: STEP_GAS}(hop) returns (uint256 gone, uint256 reached, uint256 paid) {
            (trial.gone, trial.reached, trial.paid) = (gone, reached, paid);
            trial.stage = Stage.Done;
        } catch (bytes memory reason) {
            if (bytes4(reason) != Short.selector || reason.length != 100) return;
            assembly ("memory-safe") {
                // Past the length and the selector: sent, gone, reached.
                mstore(add(trial, 0xc0), mload(add(reason, 0x24)))
                mstore(add(trial, 0xe0), mload(add(reason, 0x44)))
                mstore(add(trial, 0x100), mload(add(reason, 0x64)))
            }
            trial.stage = Stage.Done;
        }
        trial.heldAfter = IERC20(hop.tokenIn).balanceOf(address(this));
    }

    function _tradePool(Hop calldata hop, uint256 amountIn) private returns (uint256 amountOut) {
        bool zeroForOne = hop.tokenIn < hop.tokenOut;
        (_pool, _tokenIn) = (hop.pool, hop.tokenIn);
        (int256 amount0, int256 amount1) = IUniswapV3Pool(hop.pool).swap(
            address(this), zeroForOne, int256(amountIn), zeroForOne ? MIN_SQRT_RATIO + 1 : MAX_SQRT_RATIO - 1, ""
        );
        (_pool, _tokenIn) = (address(0), address(0));
        return uint256(-(zeroForOne ? amount1 : amount0));
    }

    /// @dev A hundredth less than the formula gives: the fee may not be quite what it is held to be.
    function _takeFromPair(Hop calldata hop, uint256 amountIn) private returns (uint256 amountOut) {
        IProbedPair pair = IProbedPair(hop.pool);
        bool zeroForOne = hop.tokenIn == pair.token0();
        if (hop.kind == Kind.SolidlyPair) {
            amountOut = pair.getAmountOut(amountIn, hop.tokenIn);
        } else {
            (uint256 reserveIn, uint256 reserveOut,) = pair.getReserves();
            if (!zeroForOne) (reserveIn, reserveOut) = (reserveOut, reserveIn);
            uint256 amountInWithFee = amountIn * (1_000_000 - hop.feePips);
            amountOut = amountInWithFee * reserveOut / (reserveIn * 1_000_000 + amountInWithFee);
        }
        amountOut -= amountOut / 100;
        pair.swap(zeroForOne ? 0 : amountOut, zeroForOne ? amountOut : 0, address(this), "");
    }

    function _pay(int256 amount0, int256 amount1) internal override {
        uint256 owed = uint256(amount0 > 0 ? amount0 : amount1);
        (uint256 gone, uint256 reached) = _send(IERC20(_tokenIn), msg.sender, owed);
        // The pool would refuse without a word.
        if (reached < owed) revert Short(owed, gone, reached);
    }

    /// @return gone from here
    /// @return reached the receiver
    function _send(IERC20 token, address to, uint256 amount) private returns (uint256 gone, uint256 reached) {
        uint256 here = token.balanceOf(address(this));
        uint256 there = token.balanceOf(to);
        token.safeTransfer(to, amount);
        gone = _saturatingSub(here, token.balanceOf(address(this)));
        reached = _saturatingSub(token.balanceOf(to), there);
    }

    function _saturatingSub(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : 0;
    }
}
