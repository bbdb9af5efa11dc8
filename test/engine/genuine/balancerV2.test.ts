import { beforeAll, describe, expect, it } from 'vitest'
import type { Hex } from '../../../src/core/hex.ts'
import type {
  QuotedState,
  StableState,
  WeightedState,
} from '../../../src/engine/index.ts'
import {
  quoteExactIn,
  quoteExactOut,
} from '../../../src/engine/reference/quote.ts'
import { unlessReverting } from '../../../src/engine/reference/unlessReverting.ts'
import {
  type BalancerVault,
  createBalancerVault,
  generalPool,
  minimalSwapInfoPool,
} from '../../support/balancerV2.ts'
import { createEdges, type Edges } from '../../support/edges.ts'
import { fuzzTimeoutMs } from '../../support/fuzz.ts'

/** Swaps asked of each kind of pool: 2,000, or up to 100,000 in the long run that APEX_FUZZ asks for. */
const { APEX_FUZZ } = process.env
const swapCount = Math.min(100_000, Number(APEX_FUZZ ?? 2000))

const one = 10n ** 18n
const weightPairs: readonly bigint[] = [50n, 80n, 20n, 66n, 1n, 99n, 33n]
/** Balances never leave 112 bits in the Vault, so it never asks about more. */
const vaultBits = 112n

let vault: BalancerVault
beforeAll(async () => {
  vault = await createBalancerVault()
}, fuzzTimeoutMs)

describe('the genuine weighted pools', () => {
  it.each([2023, 2021] as const)(
    'of %i: every swap equals the reference',
    async (version) => {
      const edges = createEdges(version)
      const tally = newTally()
      const pools = 8
      for (let i = 0; i < pools; i++) {
        const tokens = await vault.tokens([
          anyDecimals(edges),
          anyDecimals(edges),
        ])
        const share = edges.pick(weightPairs) * 10n ** 16n
        const weights = [share, one - share] as const
        const swapFee = anyFee(edges)
        const pool = await vault.weightedPool({
          version,
          tokens: tokens.addresses,
          weights,
          swapFee,
        })
        const poolId = await idOf(pool)
        for (let n = 0; n < swapCount / pools; n++) {
          const state: WeightedState = {
            family: 'weighted',
            swapFee,
            reserves: [anyBalance(edges), anyBalance(edges)],
            weights,
            scalingFactors: [
              scale(tokens.decimals[0]!),
              scale(tokens.decimals[1]!),
            ],
            wholeExponents: version === 2021 ? 'logarithm' : 'multiplied',
          }
          const ask = anyAsk(edges, state.reserves)
          const [tokenIn, tokenOut] = ask.zeroForOne ? [0, 1] : [1, 0]
          const request = requestOf(ask, poolId, [
            tokens.addresses[tokenIn]!,
            tokens.addresses[tokenOut]!,
          ])
          const data = minimalSwapInfoPool.encodeFunctionData('onSwap', [
            request,
            state.reserves[tokenIn],
            state.reserves[tokenOut],
          ])
          compare(tally, state, ask, await vault.call(vault.vault, pool, data))
        }
      }
      expect(tally.differences).toEqual([])
      expect(tally.paid).toBeGreaterThan(tally.asked / 2)
      expect(tally.reverted).toBeGreaterThan(0)
    },
    fuzzTimeoutMs,
  )
})

describe('the genuine composable stable pools', () => {
  it(
    'of 2 to 5 tokens: every swap equals the reference',
    async () => {
      const edges = createEdges(7)
      const tally = newTally()
      const pools = 8
      for (let i = 0; i < pools; i++) {
        const count = 2 + (i % 4)
        const tokens = await vault.tokens(
          Array.from({ length: count }, () => anyDecimals(edges)),
        )
        const whole = edges.pick([1n, 5n, 200n, 2000n, 5000n])
        const swapFee = anyFee(edges)
        const pool = await vault.stablePool({
          tokens: tokens.addresses,
          amplification: whole,
          swapFee,
        })
        const poolId = await idOf(pool)
        const shareToken = tokens.addresses.findIndex(
          (token) => BigInt(token) > BigInt(pool),
        )
        const place = shareToken < 0 ? count : shareToken
        for (let n = 0; n < swapCount / pools; n++) {
          const balances = likeBalances(edges, tokens.decimals)
          const first = edges.integer(0, count - 2)
          const pair = [first, edges.integer(first + 1, count - 1)] as const
          const state: StableState = {
            family: 'stable',
            swapFee,
            amplification: whole * 1000n,
            balances,
            scalingFactors: tokens.decimals.map(scale),
            pair,
          }
          const ask = anyAsk(edges, [balances[pair[0]]!, balances[pair[1]]!])
          const [tokenIn, tokenOut] = ask.zeroForOne
            ? pair
            : ([pair[1], pair[0]] as const)
          const request = requestOf(ask, poolId, [
            tokens.addresses[tokenIn]!,
            tokens.addresses[tokenOut]!,
          ])
          // The Vault counts the pool's own token among the balances.
          const withShare = balances.toSpliced(place, 0, 2n ** 111n)
          const inVault = (token: number): number =>
            token >= place ? token + 1 : token
          const data = generalPool.encodeFunctionData('onSwap', [
            request,
            withShare,
            inVault(tokenIn),
            inVault(tokenOut),
          ])
          compare(tally, state, ask, await vault.call(vault.vault, pool, data))
        }
      }
      expect(tally.differences).toEqual([])
      expect(tally.paid).toBeGreaterThan(tally.asked / 2)
      expect(tally.reverted).toBeGreaterThan(0)
    },
    fuzzTimeoutMs,
  )
})

type Ask = {
  readonly kind: 'exactIn' | 'exactOut'
  readonly zeroForOne: boolean
  readonly amount: bigint
}

type Tally = {
  asked: number
  paid: number
  reverted: number
  readonly differences: string[]
}

function newTally(): Tally {
  return { asked: 0, paid: 0, reverted: 0, differences: [] }
}

function compare(
  tally: Tally,
  state: QuotedState,
  ask: Ask,
  result: Hex | 'reverts',
): void {
  tally.asked += 1
  const expected =
    result === 'reverts' || overflowsVault(state, ask, BigInt(result))
      ? 'reverts'
      : BigInt(result)
  if (expected === 'reverts') tally.reverted += 1
  else tally.paid += 1
  const computed = answer(state, ask)
  if (computed !== expected && tally.differences.length < 5)
    tally.differences.push(
      `${JSON.stringify({ state, ask, computed, expected }, (_, value) =>
        typeof value === 'bigint' ? `${value}` : value,
      )}`,
    )
}

/** The pool is asked without the Vault, which would refuse to hold such a balance. */
function overflowsVault(state: QuotedState, ask: Ask, answer: bigint): boolean {
  const amountIn = ask.kind === 'exactIn' ? ask.amount : answer
  return (balanceIn(state, ask.zeroForOne) + amountIn) >> vaultBits !== 0n
}

function balanceIn(state: QuotedState, zeroForOne: boolean): bigint {
  const side = zeroForOne ? 0 : 1
  if (state.family === 'stable') return state.balances[state.pair[side]]!
  return state.family === 'weighted' ? state.reserves[side] : 0n
}

function answer(state: QuotedState, ask: Ask): bigint | 'reverts' {
  const { kind, zeroForOne, amount } = ask
  const quote = unlessReverting(() =>
    kind === 'exactIn'
      ? quoteExactIn(state, zeroForOne, amount)
      : quoteExactOut(state, zeroForOne, amount),
  )
  if (quote === undefined) return 'reverts'
  return kind === 'exactIn' ? quote.amountOut : quote.amountIn
}

function requestOf(
  { kind, amount }: Ask,
  poolId: Hex,
  [tokenIn, tokenOut]: readonly [Hex, Hex],
): readonly unknown[] {
  const trader = '0x0000000000000000000000000000000000000001'
  const code = kind === 'exactIn' ? 0 : 1
  return [code, tokenIn, tokenOut, amount, poolId, 0n, trader, trader, '0x']
}

async function idOf(pool: Hex): Promise<Hex> {
  const data = minimalSwapInfoPool.encodeFunctionData('getPoolId')
  return (await vault.call(vault.vault, pool, data)) as Hex
}

function anyDecimals(edges: Edges): number {
  return edges.pick([18, 18, 6, 8, 0])
}

function anyFee(edges: Edges): bigint {
  return edges.pick([10n ** 12n, 10n ** 17n, 3n * 10n ** 15n, 123456789012345n])
}

function anyBalance(edges: Edges): bigint {
  const bits = edges.integer(10, Number(vaultBits) - 4)
  return (edges.uint(bits) || 1n) + 2n ** BigInt(bits - 1)
}

/** Balances of like value, as such a pool has, and some far from it. */
function likeBalances(edges: Edges, decimals: readonly number[]): bigint[] {
  const depth = BigInt(edges.integer(10, 1_000_000_000))
  return decimals.map((places) => {
    const factor = BigInt(
      edges.pick([100, edges.integer(20, 500), edges.integer(1, 5000)]),
    )
    return (depth * 10n ** BigInt(places) * factor) / 100n + edges.uint(8) + 1n
  })
}

/** Mostly shares of the balance that is given, and the edges of what is accepted. */
function anyAsk(edges: Edges, reserves: readonly [bigint, bigint]): Ask {
  const kind = edges.pick(['exactIn', 'exactOut'] as const)
  const zeroForOne = edges.pick([true, false])
  const given = reserves[(kind === 'exactIn') === zeroForOne ? 0 : 1]
  const limit = (given * 3n) / 10n
  const amount = edges.pick([
    () => (given * BigInt(edges.integer(1, 290))) / 1000n,
    () => (given * BigInt(edges.integer(1, 1000))) / 1_000_000n,
    () => given / BigInt(edges.integer(4, 2_000_000_000)),
    () => edges.near(limit, 112),
    () => edges.near(given, 112),
    () => edges.uint(20),
  ])()
  return { kind, zeroForOne, amount: amount || 1n }
}

function scale(decimals: number): bigint {
  return one * 10n ** BigInt(18 - decimals)
}
