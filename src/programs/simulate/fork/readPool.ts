import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import type { ConcentratedState } from '../../../engine/poolState.ts'
import { maxTick } from '../../../engine/reference/tickMath.ts'
import type { Pool } from '../../../market/pool.ts'
import { readWords, signed } from '../../callWords.ts'

/** Ticks are looked for so far on either side of the price, at least: a factor of 1.65. */
const reachTicks = 5000
const ticksInWord = 256

/**
 * Reads a pair of Uniswap V2, a pool of Uniswap V3 or of a fork of theirs, as its
 * contract tells it at the latest block; undefined where there is no such
 * contract, or it speaks otherwise. The ticks of a pool are read within a range,
 * by default round its price, and `knownTicks` says so: beyond it nothing is
 * invented.
 *
 * @throws RpcError where the node does not answer.
 */
export function readPool(
  rpc: Rpc,
  pool: Pool,
  range?: TickRange,
): Promise<Pool | undefined> {
  if (pool.family === 'constantProduct') return readPair(rpc, pool)
  if (pool.family === 'concentrated') return readV3Pool(rpc, pool, range)
  return Promise.resolve(undefined)
}

/** Ticks, first and last, that are looked at. */
export type TickRange = readonly [number, number]

/** The range that a pool was read in; undefined for pools without ticks. */
export function rangeOf(pool: Pool): TickRange | undefined {
  return pool.family === 'concentrated' ? pool.knownTicks : undefined
}

async function readPair(
  rpc: Rpc,
  pool: Pool & { readonly family: 'constantProduct' },
): Promise<Pool | undefined> {
  const words = await readWords(rpc, pool.address, 'getReserves()', [], 2)
  if (!words || !(await trades(rpc, pool))) return undefined
  return { ...pool, reserves: [words[0]!, words[1]!] }
}

async function readV3Pool(
  rpc: Rpc,
  pool: Pool & ConcentratedState,
  range: TickRange | undefined,
): Promise<Pool | undefined> {
  const { address } = pool
  const slot0 = await readWords(rpc, address, 'slot0()', [], 2)
  const fee = await readWords(rpc, address, 'fee()', [], 1)
  const spacing = await readWords(rpc, address, 'tickSpacing()', [], 1)
  const liquidity = await readWords(rpc, address, 'liquidity()', [], 1)
  if (!slot0 || !fee || !spacing || !liquidity || !(await trades(rpc, pool)))
    return undefined
  const tick = Number(signed(slot0[1]!))
  const tickSpacing = Number(signed(spacing[0]!))
  const words = wordsOf(
    range ?? [tick - reachTicks, tick + reachTicks],
    tickSpacing,
  )
  const ticks = await readTicks(rpc, address, words, tickSpacing)
  if (!ticks) return undefined
  const first = words[0] * ticksInWord * tickSpacing
  const last = ((words[1] + 1) * ticksInWord - 1) * tickSpacing
  return {
    ...pool,
    feePips: Number(fee[0]!),
    tickSpacing,
    sqrtPriceX96: slot0[0]!,
    tick,
    liquidity: liquidity[0]!,
    ticks,
    knownTicks: [Math.max(first, -maxTick), Math.min(last, maxTick)],
  }
}

/** Words of the bitmap, first and last, that hold the ticks of a range. */
function wordsOf(
  range: TickRange,
  tickSpacing: number,
): readonly [number, number] {
  const word = (tick: number): number =>
    Math.floor(
      Math.floor(Math.max(-maxTick, Math.min(maxTick, tick)) / tickSpacing) /
        ticksInWord,
    )
  return [word(range[0]), word(range[1])]
}

async function readTicks(
  rpc: Rpc,
  address: Hex,
  [first, last]: readonly [number, number],
  tickSpacing: number,
): Promise<(readonly [number, bigint])[] | undefined> {
  const ticks: (readonly [number, bigint])[] = []
  for (let word = first; word <= last; word++) {
    const bits = await readWords(
      rpc,
      address,
      'tickBitmap(int16)',
      [BigInt(word)],
      1,
    )
    if (!bits) return undefined
    for (let bit = 0; bit < ticksInWord; bit++) {
      if (((bits[0]! >> BigInt(bit)) & 1n) === 0n) continue
      const tick = (word * ticksInWord + bit) * tickSpacing
      const info = await readWords(
        rpc,
        address,
        'ticks(int24)',
        [BigInt(tick)],
        2,
      )
      if (!info) return undefined
      ticks.push([tick, signed(info[1]!, 128)])
    }
  }
  return ticks
}

/** Whether the contract trades the tokens that the market file says. */
async function trades(rpc: Rpc, { address, tokens }: Pool): Promise<boolean> {
  const token0 = await readWords(rpc, address, 'token0()', [], 1)
  const token1 = await readWords(rpc, address, 'token1()', [], 1)
  return token0?.[0] === BigInt(tokens[0]) && token1?.[0] === BigInt(tokens[1])
}
