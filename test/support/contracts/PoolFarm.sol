// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

interface IFarmToken {
    function mint(address to, uint256 value) external;
}

interface IFarmPairFactory {
    function createPair(address tokenA, address tokenB) external returns (address pair);
}

interface IFarmPair {
    function mint(address to) external returns (uint256 liquidity);
}

interface IFarmPoolFactory {
    function createPool(address tokenA, address tokenB, uint24 fee) external returns (address pool);
}

interface IFarmPool {
    function initialize(uint160 sqrtPriceX96) external;
    function token0() external view returns (address);
    function token1() external view returns (address);
    function mint(address recipient, int24 tickLower, int24 tickUpper, uint128 amount, bytes calldata data) external;
}

/// Makes many pools by their genuine factories in one transaction, of tokens that anybody may mint.
contract PoolFarm {
    struct Pair {
        address tokenA;
        address tokenB;
        uint256 amountA;
        uint256 amountB;
    }

    struct Pool {
        address tokenA;
        address tokenB;
        uint24 fee;
        uint160 sqrtPriceX96;
        /// @dev Lower and upper tick, of each position in turn
        int24[] ticks;
        uint128 liquidity;
    }

    function makePairs(IFarmPairFactory factory, Pair[] calldata pairs) external {
        for (uint256 i = 0; i < pairs.length; i++) {
            Pair calldata p = pairs[i];
            address pair = factory.createPair(p.tokenA, p.tokenB);
            IFarmToken(p.tokenA).mint(pair, p.amountA);
            IFarmToken(p.tokenB).mint(pair, p.amountB);
            IFarmPair(pair).mint(address(this));
        }
    }

    function makePools(IFarmPoolFactory factory, Pool[] calldata pools) external {
        for (uint256 i = 0; i < pools.length; i++) {
            Pool calldata p = pools[i];
            IFarmPool pool = IFarmPool(factory.createPool(p.tokenA, p.tokenB, p.fee));
            pool.initialize(p.sqrtPriceX96);
            for (uint256 j = 0; j < p.ticks.length; j += 2) {
                pool.mint(address(this), p.ticks[j], p.ticks[j + 1], p.liquidity, "");
            }
        }
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        IFarmToken(IFarmPool(msg.sender).token0()).mint(msg.sender, amount0);
        IFarmToken(IFarmPool(msg.sender).token1()).mint(msg.sender, amount1);
    }
}
