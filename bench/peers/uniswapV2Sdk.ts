/**
 * Peer: `@uniswap/v2-sdk`. `Trade.bestTradeExactIn` finds the best routes for
 * one given input; asked for a trade of a token into itself it finds the best
 * cycles for that input. It does less than a scan: it looks for no best input
 * and keeps only the best few routes. It knows a fee of 3000 pips only.
 */
import type { Token } from '@uniswap/sdk-core'
import type { Pair } from '@uniswap/v2-sdk'
import type { EngineGraph } from '../../src/engine/engine.ts'
import { loadPeerPackage } from '../support/peerPackages.ts'
import { CannotAsk } from '../support/question.ts'

export type UniswapV2Sdk = typeof import('@uniswap/v2-sdk')
export type UniswapSdkCore = typeof import('@uniswap/sdk-core')

export type UniswapV2Market = {
  readonly sdk: UniswapV2Sdk
  readonly core: UniswapSdkCore
  readonly tokens: readonly Token[]
  /** In the order of the graph's pools. */
  readonly pairs: readonly Pair[]
}

/** A route from the base back to it: tokens on the way and what one input pays. */
export type UniswapV2Cycle = {
  readonly tokens: readonly number[]
  readonly amountOut: bigint
}

/** @throws CannotAsk where the package is not installed. */
export function createUniswapV2Market(graph: EngineGraph): UniswapV2Market {
  const sdk = loadPeerPackage<UniswapV2Sdk>('@uniswap/v2-sdk')
  const core = loadPeerPackage<UniswapSdkCore>('@uniswap/sdk-core')
  if (!sdk || !core) throw new CannotAsk('@uniswap/v2-sdk is not installed')
  const { Token, CurrencyAmount } = core
  // Addresses that rise with the index keep token0 and token1 as they are.
  const tokens = Array.from(
    { length: graph.tokenCount },
    (_, i) => new Token(1, `0x${(i + 1).toString(16).padStart(40, '0')}`, 18),
  )
  const pairs = graph.pools.map(({ tokens: [token0, token1], state }, pool) => {
    if (state.family !== 'constantProduct' || state.feePips !== 3000)
      throw new Error(`pool ${pool} is not one of Uniswap V2`)
    const [reserve0, reserve1] = state.reserves
    return new sdk.Pair(
      CurrencyAmount.fromRawAmount(tokens[token0]!, String(reserve0)),
      CurrencyAmount.fromRawAmount(tokens[token1]!, String(reserve1)),
    )
  })
  return { sdk, core, tokens, pairs }
}

/** The three cycles from `base` of up to `maxHops` hops that pay most for `amountIn`. */
export function bestCyclesExactIn(
  { sdk, core, tokens, pairs }: UniswapV2Market,
  base: number,
  amountIn: bigint,
  maxHops: number,
): UniswapV2Cycle[] {
  const token = tokens[base]!
  return sdk.Trade.bestTradeExactIn(
    [...pairs],
    core.CurrencyAmount.fromRawAmount(token, String(amountIn)),
    token,
    { maxHops, maxNumResults: 3 },
  ).map(({ route, outputAmount }) => ({
    tokens: route.path.map((token) => tokens.indexOf(token)),
    amountOut: BigInt(String(outputAmount.quotient)),
  }))
}
