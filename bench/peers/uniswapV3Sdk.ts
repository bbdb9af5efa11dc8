/**
 * Peer: `@uniswap/v3-sdk`. Its integers are JSBI objects, as its API wants
 * them; all are made before the clock runs. `Pool.getOutputAmount` also makes
 * the pool as it is after the swap.
 */
import type { CurrencyAmount, Token } from '@uniswap/sdk-core'
import type { Pool } from '@uniswap/v3-sdk'
import type Jsbi from 'jsbi'
import type { ConcentratedState } from '../../src/engine/poolState.ts'
import { loadPeerPackage } from '../support/peerPackages.ts'
import { CannotAsk } from '../support/question.ts'
import type { SwapStepInput } from '../support/swapSteps.ts'

type Sdk = typeof import('@uniswap/v3-sdk')
type Core = typeof import('@uniswap/sdk-core')
type JSBI = Jsbi.default

/** The steps as the package takes them, and a call that computes them all. */
export function prepareUniswapSteps(
  steps: readonly SwapStepInput[],
): () => readonly (readonly JSBI[])[] {
  const { SwapMath } = load<Sdk>('@uniswap/v3-sdk')
  const JSBI = load<typeof Jsbi.default>('jsbi')
  const inputs = steps.map((step) => ({
    price: JSBI.BigInt(String(step.sqrtPriceX96)),
    target: JSBI.BigInt(String(step.sqrtPriceTargetX96)),
    liquidity: JSBI.BigInt(String(step.liquidity)),
    amount: JSBI.BigInt(String(step.amountRemaining)),
    fee: JSBI.BigInt(step.feePips),
  }))
  const outputs: (readonly JSBI[])[] = inputs.map(() => [])
  return () => {
    inputs.forEach(({ price, target, liquidity, amount, fee }, i) => {
      outputs[i] = SwapMath.computeSwapStep(
        price,
        target,
        liquidity,
        amount,
        fee,
      )
    })
    return outputs
  }
}

export type UniswapV3Pool = {
  readonly pool: Pool
  /** An input of token0 or token1. */
  readonly amount: (zeroForOne: boolean, units: bigint) => CurrencyAmount<Token>
}

/** The package's pool with all its ticks in memory. */
export function createUniswapV3Pool(state: ConcentratedState): UniswapV3Pool {
  const { Pool } = load<Sdk>('@uniswap/v3-sdk')
  const { Token, CurrencyAmount } = load<Core>('@uniswap/sdk-core')
  const [token0, token1] = ['1', '2'].map(
    (digit) => new Token(1, `0x${digit.repeat(40)}`, 18),
  ) as [Token, Token]
  const pool = new Pool(
    token0,
    token1,
    state.feePips,
    String(state.sqrtPriceX96),
    String(state.liquidity),
    state.tick,
    state.ticks.map(([index, net]) => ({
      index,
      liquidityNet: String(net),
      liquidityGross: String(net < 0n ? -net : net),
    })),
  )
  return {
    pool,
    amount: (zeroForOne, units) =>
      CurrencyAmount.fromRawAmount(zeroForOne ? token0 : token1, String(units)),
  }
}

function load<T>(name: string): T {
  const module = loadPeerPackage<T>(name)
  if (!module) throw new CannotAsk(`${name} is not installed`)
  return module
}
