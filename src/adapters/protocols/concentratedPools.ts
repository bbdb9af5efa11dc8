import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import type { ConcentratedState } from '../../engine/poolState.ts'
import {
  getTickAtSqrtRatio,
  maxSqrtRatio,
  maxTick,
  minSqrtRatio,
  minTick,
} from '../../engine/reference/tickMath.ts'
import type { Pool } from '../../market/pool.ts'
import type { Artifact } from './artifact.ts'
import { WorldInvalidError } from './errors.ts'
import { liquidityMinter, poolTrader } from './helpers.ts'
import { positionsOf } from './positions.ts'
import type { Setting, SwapCall, SwapCallRequest } from './protocol.ts'
import { readContract } from './transactor.ts'

/** How a kind of concentrated pool, each a contract of its own, calls its functions. */
export type PoolDialect = {
  readonly pool: Artifact
  /** Gives price and tick first. */
  readonly slotFunction: 'slot0' | 'globalState'
  readonly mintFunction: 'mintUniswap' | 'mintAlgebra'
  /** Queues what must be so when the pool is given its price. */
  beforeInitialize?(state: ConcentratedState): Promise<void>
  /** Queues what a pool can be told only once it has a price. */
  afterInitialize?(pool: Hex, state: ConcentratedState): Promise<void>
}

/** So many positions fit into a transaction. */
const positionsPerTransaction = 60
/** Pays for moving the price by the last digit. */
const nudgeAmount = 1n << 100n

/** Queues what brings a new pool into a state; the deployer has approved the helpers. */
export async function fillPool(
  { transactor, helpers }: Setting,
  { pool, mintFunction, beforeInitialize, afterInitialize }: PoolDialect,
  address: Hex,
  state: ConcentratedState,
): Promise<void> {
  // The tick below the price's is that of a swap which came down to its border.
  const isReachedFromAbove =
    state.tick === getTickAtSqrtRatio(state.sqrtPriceX96) - 1
  const startPrice = state.sqrtPriceX96 + (isReachedFromAbove ? 1n : 0n)
  await beforeInitialize?.(state)
  await transactor.send(address, pool, 'initialize', [startPrice])
  await afterInitialize?.(address, state)
  const positions = positionsOf(state).map(
    ({ tickLower, tickUpper, liquidity }) => [tickLower, tickUpper, liquidity],
  )
  for (let i = 0; i < positions.length; i += positionsPerTransaction)
    await transactor.send(
      helpers.liquidityMinter,
      liquidityMinter,
      mintFunction,
      [address, positions.slice(i, i + positionsPerTransaction)],
    )
  if (isReachedFromAbove)
    await transactor.send(helpers.poolTrader, poolTrader, 'swapPool', [
      address,
      true,
      nudgeAmount,
      state.sqrtPriceX96,
    ])
}

/** The state that a pool's contract tells; `feePips` and `tickSpacing` are given. */
export async function readPoolState(
  rpc: Rpc,
  dialect: PoolDialect,
  address: Hex,
  fixed: { readonly feePips: number; readonly tickSpacing: number },
): Promise<ConcentratedState> {
  const { pool, slotFunction } = dialect
  const slot = await readContract(rpc, address, pool, slotFunction)
  const [liquidity] = await readContract(rpc, address, pool, 'liquidity')
  return {
    family: 'concentrated',
    ...fixed,
    sqrtPriceX96: slot[0] as bigint,
    tick: Number(slot[1]),
    liquidity: liquidity as bigint,
    ticks: await readTicks(rpc, {
      address,
      contract: pool,
      event: 'Mint',
      read: (tick) => readContract(rpc, address, pool, 'ticks', [tick]),
    }),
    knownTicks: [minTick, maxTick],
  }
}

/** How to find the ticks of a pool and read one. */
export type TickSource = {
  /** Who writes the logs of added positions. */
  readonly address: Hex
  /** Its ABI. */
  readonly contract: Artifact
  /** The event of an added position; its third and fourth arguments are the ticks. */
  readonly event: string
  /** First indexed argument of the event, where it names the pool. */
  readonly poolId?: Hex
  /** Reads what stands at a tick: first liquidityGross, then liquidityNet. */
  read(tick: number): Promise<readonly unknown[]>
}

/**
 * `[tick, liquidityNet]` of all initialized ticks, rising. Only a tick that
 * some log of an added position names can be one: the logs spare walking the
 * bitmap of the whole scale.
 */
export async function readTicks(
  rpc: Rpc,
  source: TickSource,
): Promise<readonly (readonly [number, bigint])[]> {
  const { address, contract, event, poolId } = source
  const { topicHash } = contract.abi.getEvent(event)!
  const logs = (await rpc.request('eth_getLogs', [
    {
      address,
      topics: poolId === undefined ? [topicHash] : [topicHash, poolId],
      fromBlock: '0x0',
      toBlock: 'latest',
    },
  ])) as readonly { readonly topics: Hex[]; readonly data: Hex }[]
  const named = new Set<number>()
  for (const log of logs) {
    const values = contract.abi.decodeEventLog(event, log.data, log.topics)
    named.add(Number(values[2])).add(Number(values[3]))
  }
  const ticks: (readonly [number, bigint])[] = []
  for (const tick of [...named].sort((a, b) => a - b)) {
    const [liquidityGross, liquidityNet] = await source.read(tick)
    if (liquidityGross !== 0n) ticks.push([tick, liquidityNet as bigint])
  }
  return ticks
}

/** A user's sale to a pool that calls back. */
export function poolSwapCall(
  { helpers }: Setting,
  { pool, zeroForOne, amountIn }: SwapCallRequest,
): SwapCall {
  const limit = zeroForOne ? minSqrtRatio + 1n : maxSqrtRatio - 1n
  const values = [pool.address, zeroForOne, amountIn, limit]
  return {
    to: helpers.poolTrader,
    data: poolTrader.abi.encodeFunctionData('swapPool', values) as Hex,
    spender: helpers.poolTrader,
  }
}

/** The pool as a concentrated one. @throws WorldInvalidError */
export function asConcentrated(pool: Pool): Pool & ConcentratedState {
  if (pool.family === 'concentrated') return pool
  throw new WorldInvalidError(
    `a concentrated pool is asked for, not ${pool.family}`,
  )
}
