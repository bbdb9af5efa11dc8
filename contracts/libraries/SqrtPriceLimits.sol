// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title No limit on the price of a concentrated pool: what limits a trade is its profit.
library SqrtPriceLimits {
    /// @dev TickMath.MIN_SQRT_RATIO + 1 and MAX_SQRT_RATIO - 1: the last that pools take.
    uint160 private constant LOWEST = 4295128740;
    uint160 private constant HIGHEST = 1461446703485210103287273052203988822378723970341;

    /// @dev The end of the scale that a swap in this direction moves towards.
    function furthest(bool zeroForOne) internal pure returns (uint160) {
        return zeroForOne ? LOWEST : HIGHEST;
    }
}
