/**
 * Peer: `@pancakeswap/v3-sdk`, the same library carried over to native bigint.
 * It knows the fees of PancakeSwap only, 100, 500, 2500 and 10000 pips.
 */
import type { CurrencyAmount, Token } from '@pancakeswap/sdk'
import type { Pool } from '@pancakeswap/v3-sdk'
import type { ConcentratedState } from '../../src/engine/poolState.ts'
import { loadPeerPackage } from '../support/peerPackages.ts'
import { CannotAsk } from '../support/question.ts'
import type { SwapStepInput } from '../support/swapSteps.ts'

type Sdk = typeof import('@pancakeswap/v3-sdk')
type Core = typeof import('@pancakeswap/sdk')

/** A call that computes all steps. */
export function preparePancakeswapSteps(
  steps: readonly SwapStepInput[],
): () => readonly (readonly bigint[])[] {
  const { SwapMath } = load<Sdk>('@pancakeswap/v3-sdk')
  const outputs: (readonly bigint[])[] = steps.map(() => [])
  return () => {
    steps.forEach((step, i) => {
      outputs[i] = SwapMath.computeSwapStep(
        step.sqrtPriceX96,
        step.sqrtPriceTargetX96,
        step.liquidity,
        step.amountRemaining,
        step.feePips,
      )
    })
    return outputs
  }
}

export type PancakeswapV3Pool = {
  readonly pool: Pool
  /** An input of token0 or token1. */
  readonly amount: (zeroForOne: boolean, units: bigint) => CurrencyAmount<Token>
}

/** The package's pool with all its ticks in memory. */
export function createPancakeswapV3Pool(
  state: ConcentratedState,
): PancakeswapV3Pool {
  const { Pool } = load<Sdk>('@pancakeswap/v3-sdk')
  const { ERC20Token, CurrencyAmount } = load<Core>('@pancakeswap/sdk')
  const token0 = new ERC20Token(1, `0x${'1'.repeat(40)}`, 18, 'ONE')
  const token1 = new ERC20Token(1, `0x${'2'.repeat(40)}`, 18, 'TWO')
  const pool = new Pool(
    token0,
    token1,
    state.feePips,
    state.sqrtPriceX96,
    state.liquidity,
    state.tick,
    state.ticks.map(([index, liquidityNet]) => ({
      index,
      liquidityNet,
      liquidityGross: liquidityNet < 0n ? -liquidityNet : liquidityNet,
    })),
  )
  return {
    pool,
    amount: (zeroForOne, units) =>
      CurrencyAmount.fromRawAmount(zeroForOne ? token0 : token1, units),
  }
}

function load<T>(name: string): T {
  const module = loadPeerPackage<T>(name)
  if (!module) throw new CannotAsk(`${name} is not installed`)
  return module
}
