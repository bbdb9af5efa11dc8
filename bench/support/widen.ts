import type { Hex } from '../../src/core/hex.ts'
import { generateMarket } from '../../src/market/generate/generateMarket.ts'
import type { Market } from '../../src/market/market.ts'
import { createMarket } from '../../src/market/marketBuilder.ts'
import type { Pool } from '../../src/market/pool.ts'

/**
 * The market with further pools, up to so many in all: generated ones of other
 * tokens, which meet its own in the wrapped native coin. Their prices agree, so
 * no opportunity leads through them; the search has them to look at all the same.
 */
export function widen(market: Market, poolCount: number, seed: number): Market {
  const missing = poolCount - market.pools.length
  const { address: weth } = market.wrappedNative!
  const generated = generateMarket({
    pools: 2 * missing,
    tokens: Math.ceil(missing / 5),
    seed,
    mispricedShare: 0,
  })
  const { address: generatedWeth } = generated.wrappedNative!
  const renamed = (token: Hex): Hex => (token === generatedWeth ? weth : token)
  const pools = generated.pools
    .map((pool): Pool => {
      const [token0, token1] = pool.tokens
      return { ...pool, tokens: [renamed(token0), renamed(token1)] }
    })
    // Where the other address would turn the pool round, it is left out.
    .filter(({ tokens }) => BigInt(tokens[0]) < BigInt(tokens[1]))
    .slice(0, missing)
  const { chainId, blockNumber, blockHash } = market
  return createMarket({
    chainId,
    blockNumber,
    ...(blockHash && { blockHash }),
    wrappedNative: weth,
    tokens: [
      ...market.tokens,
      ...generated.tokens.filter(({ address }) => address !== generatedWeth),
    ],
    pools: [...market.pools, ...pools],
  })
}
