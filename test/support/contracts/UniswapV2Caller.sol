// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

interface IERC20 {
    function transfer(address to, uint256 value) external returns (bool);
}

interface IUniswapV2Pair {
    function token0() external view returns (address);

    function token1() external view returns (address);

    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external;
}

/// @title Tries swaps in a Uniswap V2 pair and takes them back
/// @dev Pays from its own balance
contract UniswapV2Caller {
    /// @notice Tries many swaps, each from the pair's present state
    /// @param records Three words each: zeroForOne, amountIn, amountOut
    /// @return results One word each: "done", or the start of the reason the pair gives
    function trySwaps(IUniswapV2Pair pair, bytes calldata records) external returns (bytes memory results) {
        uint256 count = records.length / 96;
        results = new bytes(count * 32);
        for (uint256 i = 0; i < count; i++) {
            (bool zeroForOne, uint256 amountIn, uint256 amountOut) =
                abi.decode(records[i * 96:(i + 1) * 96], (bool, uint256, uint256));
            try this.swapAndRevert(pair, zeroForOne, amountIn, amountOut) {}
            catch Error(string memory reason) {
                assembly ("memory-safe") {
                    mstore(add(add(results, 32), mul(i, 32)), mload(add(reason, 32)))
                }
            }
        }
    }

    /// @notice Swaps and then reverts with "done"
    function swapAndRevert(IUniswapV2Pair pair, bool zeroForOne, uint256 amountIn, uint256 amountOut) external {
        IERC20(zeroForOne ? pair.token0() : pair.token1()).transfer(address(pair), amountIn);
        pair.swap(zeroForOne ? 0 : amountOut, zeroForOne ? amountOut : 0, address(this), "");
        revert("done");
    }
}
