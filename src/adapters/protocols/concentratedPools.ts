import type { Hex } from '../../core/hex.ts'
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
import { liquidityMinter, poolTrader, tickReader } from './helpers.ts'
import { positionsOf } from './positions.ts'
import type { Setting, SwapCall, SwapCallRequest } from './protocol.ts'
import { readContract } from './transactor.ts'

/** How a kind of concentrated pool, each a contract of its own, calls its functions. */
export type PoolDialect = {
  readonly pool: Artifact
  /** Gives price and tick first. */
  readonly slotFunction: 'slot0' | 'globalState'
  readonly bitmapFunction: 'tickBitmap' | 'tickTable'
  /** Whether a place in the bitmap is a tick divided by the spacing. */
  readonly isBitmapCompressed: boolean
  readonly mintFunction: 'mintUniswap' | 'mintAlgebra'
}

/** So many positions fit into a transaction. */
const positionsPerTransaction = 60
/** Pays for moving the price by the last digit. */
const nudgeAmount = 1n << 100n
/** More than walking the whole scale of ticks takes. */
const readGas = '0x3b9aca000'

/** Queues what brings a new pool into a state; the deployer has approved the helpers. */
export async function fillPool(
  { transactor, helpers }: Setting,
  { pool, mintFunction }: PoolDialect,
  address: Hex,
  state: ConcentratedState,
): Promise<void> {
  // The tick below the price's is that of a swap which came down to its border.
  const isReachedFromAbove =
    state.tick === getTickAtSqrtRatio(state.sqrtPriceX96) - 1
  const startPrice = state.sqrtPriceX96 + (isReachedFromAbove ? 1n : 0n)
  await transactor.send(address, pool, 'initialize', [startPrice])
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
  setting: Setting,
  dialect: PoolDialect,
  address: Hex,
  fixed: { readonly feePips: number; readonly tickSpacing: number },
): Promise<ConcentratedState> {
  const { pool, slotFunction, bitmapFunction } = dialect
  const { rpc } = setting.transactor
  const slot = await readContract(rpc, address, pool, slotFunction)
  const [liquidity] = await readContract(rpc, address, pool, 'liquidity')
  return {
    family: 'concentrated',
    ...fixed,
    sqrtPriceX96: slot[0] as bigint,
    tick: Number(slot[1]),
    liquidity: liquidity as bigint,
    ticks: await readTicks(setting, address, {
      bitmapCall: selectorOf(pool, bitmapFunction),
      tickCall: selectorOf(pool, 'ticks'),
      placeSpacing: dialect.isBitmapCompressed ? fixed.tickSpacing : 1,
    }),
    knownTicks: [minTick, maxTick],
  }
}

/** What to ask whom for a bitmap of ticks. */
export type TickSource = {
  /** The call for a word, all but its last argument. */
  readonly bitmapCall: Hex
  /** The call for a tick, all but its last argument. */
  readonly tickCall: Hex
  /** Ticks from one place in the bitmap to the next. */
  readonly placeSpacing: number
}

/** `[tick, liquidityNet]` of all initialized ticks of the scale, rising. */
export async function readTicks(
  { transactor: { rpc }, helpers }: Setting,
  target: Hex,
  { bitmapCall, tickCall, placeSpacing }: TickSource,
): Promise<readonly (readonly [number, bigint])[]> {
  const lastPlace = Math.floor(maxTick / placeSpacing)
  const data = tickReader.abi.encodeFunctionData('readBitmap', [
    target,
    bitmapCall,
    tickCall,
    placeSpacing,
    (-lastPlace - 1) >> 8,
    lastPlace >> 8,
  ])
  const result = await rpc.request('eth_call', [
    { to: helpers.tickReader, data, gas: readGas },
    'latest',
  ])
  const [ticks, nets] = tickReader.abi.decodeFunctionResult(
    'readBitmap',
    result as Hex,
  ) as unknown as [readonly bigint[], readonly bigint[]]
  return ticks.map((tick, i) => [Number(tick), nets[i]!])
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

function selectorOf({ abi }: Artifact, functionName: string): Hex {
  return abi.getFunction(functionName)!.selector as Hex
}
