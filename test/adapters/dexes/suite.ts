import { expect } from 'vitest'
import {
  dexProtocol,
  readBlockLogs,
} from '../../../src/adapters/dexes/index.ts'
import {
  decodePlan,
  type ExecutorHop,
  encodePlan,
} from '../../../src/contracts/calldata.ts'
import { parseAddress, zeroAddress } from '../../../src/core/address.ts'
import { quoteExactIn } from '../../../src/engine/reference/quote.ts'
import { unlessReverting } from '../../../src/engine/reference/unlessReverting.ts'
import type { Dex, DexProtocol } from '../../../src/market/dex.ts'
import {
  createMarket,
  type Market,
  type Pool,
} from '../../../src/market/index.ts'
import type { Edges } from '../../support/edges.ts'
import type {
  Call,
  LiquidityCalls,
  ProtocolStage,
} from '../../support/protocolStage.ts'

/** Swaps compared for each protocol: 200, or 2,000 in the long run that APEX_FUZZ asks for. */
const { APEX_FUZZ } = process.env
export const swapCount: number = Math.min(2000, Number(APEX_FUZZ ?? 200))

/** Time to deploy, and a tenth of a second a swap. */
export const suiteTimeoutMs: number = 120_000 + 100 * swapCount

const swapsInBlock = 4
/** Seconds: the embedded chain's. */
const blockTime = 12

/** What was compared, to be held against what was meant to be. */
export type Comparison = {
  swaps: number
  liquidityChanges: number
  /** Blocks after which the market was compared with what the contracts tell. */
  blocks: number
  feeChanges: number
  readonly differences: string[]
}

/**
 * Trades with genuine pools: each swap must pay what was predicted from the
 * market, and the market, moved by logs alone, must equal what the contracts
 * tell after every block.
 */
export async function compareWithGenuine(
  stage: ProtocolStage,
  edges: Edges,
  liquidityCalls?: LiquidityCalls,
  count: number = swapCount,
  protocol: DexProtocol = dexProtocol(stage.deployment.dex.protocol),
): Promise<Comparison> {
  const { deployment } = stage
  const comparison: Comparison = {
    swaps: 0,
    liquidityChanges: 0,
    blocks: 0,
    feeChanges: 0,
    differences: [],
  }
  const positions = new Map<string, Position[]>()
  const market = marketOf(stage.pools)
  while (comparison.swaps < count && comparison.differences.length < 5) {
    const steps: Step[] = []
    // One pool a swap in a block: its prediction is of the state before.
    for (const pool of shuffled(edges, market.pools).slice(0, swapsInBlock)) {
      const step =
        liquidityCalls && edges.integer(0, 4) === 0
          ? await liquidityStep(stage, edges, pool, positions, liquidityCalls)
          : await swapStep(
              stage,
              edges,
              await inNextBlock(stage, protocol, pool, comparison),
            )
      if (step) steps.push(step)
    }
    const receipts = await stage.mine(steps.flatMap(({ calls }) => calls))
    let place = 0
    for (const { calls, swap } of steps) {
      place += calls.length
      if (!swap) {
        comparison.liquidityChanges += 1
        continue
      }
      // Native coins come without a log; the state is compared all the same.
      if (swap.tokenOut === zeroAddress) continue
      comparison.swaps += 1
      const received = receipts[place - 1]!.received(swap.tokenOut)
      if (received !== swap.predicted)
        comparison.differences.push(
          `${swap.what}: ${swap.predicted} predicted, ${received} received`,
        )
    }
    const changes = readBlockLogs(
      receipts.flatMap(({ logs }) => logs),
      [protocol],
      {
        pool: (address) =>
          market.pools.find((pool) => same(pool.address, address)),
        protocol: () => protocol,
      },
    )
    market.apply({ blockNumber: market.blockNumber + 1, changes })
    comparison.blocks += 1
    for (const pool of market.pools) {
      const told = await deployment.readPool(pool)
      const { blockNumber: _, ...moved } = pool
      if (text(marketOf([told]).pools[0]) !== text(moved))
        comparison.differences.push(
          `read back ${text(told)}, by logs ${text(moved)}`,
        )
    }
  }
  return comparison
}

/** The pool with the fee that the first swap of the next block pays. */
async function inNextBlock(
  { chain }: ProtocolStage,
  protocol: DexProtocol,
  pool: Pool,
  comparison: Comparison,
): Promise<Pool> {
  const timestamp = (await chain.timestamp()) + blockTime
  const change = await protocol.nextChange?.(chain, pool, timestamp)
  if (!change || pool.family !== 'concentrated') return pool
  if (change.feePips !== pool.feePips) comparison.feeChanges += 1
  return { ...pool, feePips: change.feePips! }
}

/** Every hop of the pools, both ways, must survive the packed plan. */
export function expectRoundTrip(dex: Dex, pools: readonly Pool[]): void {
  const protocol = dexProtocol(dex.protocol)
  for (const pool of pools)
    for (const zeroForOne of [true, false]) {
      const [tokenIn, tokenOut] = (
        zeroForOne ? pool.tokens : pool.tokens.toReversed()
      ).map((address) => ({
        // A route has the wrapped coin where the pool has the native one.
        address: address === zeroAddress ? wrapped : address,
        symbol: 'T',
        decimals: 18,
      }))
      const hop = protocol.executorHop(dex, {
        pool,
        tokenIn: tokenIn!,
        tokenOut: tokenOut!,
        zeroForOne,
        amountIn: 1000n,
        amountOut: 900n,
      })
      expect(hop).not.toHaveProperty('untradable')
      const plan = {
        chainId: 31337,
        deadline: 1,
        firstBlock: 1,
        lastBlock: 2,
        token: wrapped,
        amountIn: 1000n,
        minProfit: 1n,
        lender: {
          kind: 'none' as const,
          address: zeroAddress,
          lendsToken1: false,
        },
        tip: { bps: 0, to: zeroAddress },
        hops: [hop as ExecutorHop],
      }
      expect(decodePlan(encodePlan(plan))).toEqual(plan)
      expect(hop).toMatchObject({
        zeroForOne,
        amountOut: 900n,
        tokenOut: tokenOut!.address,
      })
    }
}

const wrapped = parseAddress('0x4200000000000000000000000000000000000006')

type Position = {
  readonly tickLower: number
  readonly tickUpper: number
  readonly liquidity: bigint
}

type Step = {
  readonly calls: readonly Call[]
  readonly swap?: {
    readonly tokenOut: `0x${string}`
    readonly predicted: bigint
    readonly what: string
  }
}

async function swapStep(
  { deployment }: ProtocolStage,
  edges: Edges,
  pool: Pool,
): Promise<Step | undefined> {
  const zeroForOne = edges.pick([true, false])
  const amountIn = anyAmount(edges, pool, zeroForOne)
  const quote = unlessReverting(() => quoteExactIn(pool, zeroForOne, amountIn))
  if (quote?.end !== 'filled' || quote.amountOut === 0n) return undefined
  const { trader } = await import('../../support/protocolStage.ts')
  const swap = { pool, user: trader, zeroForOne, amountIn }
  return {
    calls: [await deployment.swapCall(swap)],
    swap: {
      tokenOut: pool.tokens[zeroForOne ? 1 : 0],
      predicted: quote.amountOut,
      what: `${amountIn} of token${zeroForOne ? 0 : 1} to ${text(pool)}`,
    },
  }
}

/** From single units to a large part of what the pool holds, so that swaps cross ticks. */
function anyAmount(edges: Edges, pool: Pool, zeroForOne: boolean): bigint {
  const depth = depthOf(pool, zeroForOne)
  return edges.pick([
    () => BigInt(edges.integer(1, 1000)),
    () => (depth * BigInt(edges.integer(1, 1000))) / 1_000_000n,
    () => (depth * BigInt(edges.integer(1, 1000))) / 20_000n,
    () => (depth * BigInt(edges.integer(1, 1000))) / 4000n,
  ])()
}

/** About what moves the price by a tenth. */
function depthOf(pool: Pool, zeroForOne: boolean): bigint {
  const side = zeroForOne ? 0 : 1
  if (pool.family === 'stable') return pool.balances[pool.pair[side]]!
  if (pool.family !== 'concentrated') return pool.reserves[side]
  const { liquidity, sqrtPriceX96 } = pool
  return zeroForOne
    ? (liquidity << 96n) / sqrtPriceX96
    : (liquidity * sqrtPriceX96) >> 96n
}

/** Adds a position round the price or beside it, or takes one away, in part or whole. */
async function liquidityStep(
  stage: ProtocolStage,
  edges: Edges,
  pool: Pool,
  positions: Map<string, Position[]>,
  liquidityCalls: LiquidityCalls,
): Promise<Step> {
  const own = positions.get(pool.address) ?? []
  positions.set(pool.address, own)
  if (own.length > 0 && edges.integer(0, 2) > 0) {
    const [taken] = own.splice(edges.integer(0, own.length - 1), 1)
    const part = edges.pick([1n, 1n, 2n])
    const rest = taken!.liquidity - taken!.liquidity / part
    if (rest > 0n) own.push({ ...taken!, liquidity: rest })
    const burnt = { ...taken!, liquidity: -(taken!.liquidity / part) }
    return { calls: await liquidityCalls(stage, pool, burnt) }
  }
  const added = anyPosition(edges, pool)
  own.push(added)
  return { calls: await liquidityCalls(stage, pool, added) }
}

function anyPosition(edges: Edges, pool: Pool): Position {
  if (pool.family !== 'concentrated')
    return {
      tickLower: 0,
      tickUpper: 0,
      liquidity: BigInt(edges.integer(1, 50)),
    }
  const { tick, tickSpacing } = pool
  const middle = Math.floor(tick / tickSpacing)
  const lower = middle + edges.integer(-12, 4)
  const upper = lower + edges.integer(1, 12)
  return {
    tickLower: lower * tickSpacing,
    tickUpper: upper * tickSpacing,
    liquidity: 10n ** BigInt(edges.integer(6, 17)) + edges.uint(20),
  }
}

function marketOf(pools: readonly Pool[]): Market {
  const addresses = new Set(
    pools.flatMap(({ tokens }) => tokens.map((token) => token)),
  )
  return createMarket({
    chainId: 31337,
    blockNumber: 0,
    tokens: [...addresses].map((address, i) => ({
      address,
      symbol: `T${i}`,
      decimals: 18,
    })),
    pools: pools.map(({ blockNumber: _, ...pool }) => pool as Pool),
  })
}

function shuffled<T>(edges: Edges, items: readonly T[]): T[] {
  const left = [...items]
  return items.map(() => left.splice(edges.integer(0, left.length - 1), 1)[0]!)
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** As text, its fields in the order of their names. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}`
    if (part === null || typeof part !== 'object' || Array.isArray(part))
      return part
    return Object.fromEntries(
      Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)),
    )
  })
}
