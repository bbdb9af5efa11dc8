// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

interface IERC20 {
    function transfer(address to, uint256 value) external returns (bool);
}

interface IUniswapV3Pool {
    function token0() external view returns (address);

    function token1() external view returns (address);

    function mint(address recipient, int24 tickLower, int24 tickUpper, uint128 amount, bytes calldata data)
        external
        returns (uint256 amount0, uint256 amount1);

    function swap(
        address recipient,
        bool zeroForOne,
        int256 amountSpecified,
        uint160 sqrtPriceLimitX96,
        bytes calldata data
    ) external returns (int256 amount0, int256 amount1);
}

/// @title Adds liquidity to Uniswap V3 pools, swaps in them, and asks what a swap would give
/// @dev Pays from its own balance
contract UniswapV3Caller {
    /// @notice What a swap would take (positive) and pay (negative)
    error Quoted(int256 amount0, int256 amount1);

    /// @dev More than the longest swap needs; a failed assertion burns all of it
    uint256 private constant GAS_PER_QUOTE = 1_000_000_000;

    function mint(IUniswapV3Pool pool, int24 tickLower, int24 tickUpper, uint128 liquidity) external {
        pool.mint(address(this), tickLower, tickUpper, liquidity, "");
    }

    function swap(IUniswapV3Pool pool, bool zeroForOne, int256 amountSpecified, uint160 sqrtPriceLimitX96) external {
        pool.swap(address(this), zeroForOne, amountSpecified, sqrtPriceLimitX96, "");
    }

    /// @notice Quotes many swaps from the pool's present state, as Uniswap's Quoter does: the callback reverts
    /// @param records Three words each: zeroForOne, amountSpecified, sqrtPriceLimitX96
    /// @return results Three words each: 1 or 0 for a revert, amount0, amount1
    function quote(IUniswapV3Pool pool, bytes calldata records) external returns (bytes memory results) {
        uint256 count = records.length / 96;
        results = new bytes(count * 96);
        for (uint256 i = 0; i < count; i++) {
            (bool zeroForOne, int256 amount, uint160 limit) =
                abi.decode(records[i * 96:(i + 1) * 96], (bool, int256, uint160));
            try pool.swap{gas: GAS_PER_QUOTE}(address(this), zeroForOne, amount, limit, "quote") {
                revert("a quote came back");
            } catch (bytes memory reason) {
                if (reason.length != 68 || bytes4(reason) != Quoted.selector) continue;
                assembly ("memory-safe") {
                    let place := add(add(results, 32), mul(i, 96))
                    mstore(place, 1)
                    mcopy(add(place, 32), add(reason, 36), 64)
                }
            }
        }
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        IERC20(IUniswapV3Pool(msg.sender).token0()).transfer(msg.sender, amount0);
        IERC20(IUniswapV3Pool(msg.sender).token1()).transfer(msg.sender, amount1);
    }

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata data) external {
        if (data.length > 0) revert Quoted(amount0, amount1);
        if (amount0 > 0) IERC20(IUniswapV3Pool(msg.sender).token0()).transfer(msg.sender, uint256(amount0));
        if (amount1 > 0) IERC20(IUniswapV3Pool(msg.sender).token1()).transfer(msg.sender, uint256(amount1));
    }
}
