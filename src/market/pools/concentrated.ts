import { PoolInvalidError } from '../../engine/errors.ts'
import type { ConcentratedState } from '../../engine/poolState.ts'
import {
  getSqrtRatioAtTick,
  maxSqrtRatio,
  maxTick,
  minSqrtRatio,
  minTick,
} from '../../engine/reference/tickMath.ts'
import type { Family } from './family.ts'
import {
  bigintField,
  checkFee,
  integerField,
  integerPair,
  parseBigint,
  parseInteger,
} from './fields.ts'

/** V4's TickMath.MAX_TICK_SPACING; V3's factory stays below it. */
const maxTickSpacing = 32767
const liquidityBound = 1n << 128n
const liquidityNetBound = 1n << 127n
const wholeScale: readonly [number, number] = [minTick, maxTick]

/** Liquidity in tick ranges: Uniswap V3/V4, PancakeSwap V3, Algebra, Slipstream. */
export const concentrated: Family<ConcentratedState> = {
  name: 'concentrated',
  fields: [
    'feePips',
    'tickSpacing',
    'sqrtPriceX96',
    'tick',
    'liquidity',
    'ticks',
    'knownTicks',
    'tickSearch',
  ],
  changing: [
    'feePips',
    'sqrtPriceX96',
    'tick',
    'liquidity',
    'ticks',
    'knownTicks',
  ],

  parse(row) {
    const { knownTicks, ticks, tickSearch = 'bitmap' } = row
    if (tickSearch !== 'bitmap' && tickSearch !== 'list')
      throw new PoolInvalidError(
        `tickSearch is neither "bitmap" nor "list": ${JSON.stringify(tickSearch)}`,
        { facts: { tickSearch } },
      )
    return {
      family: 'concentrated',
      feePips: integerField(row, 'feePips'),
      tickSpacing: integerField(row, 'tickSpacing'),
      sqrtPriceX96: bigintField(row, 'sqrtPriceX96'),
      tick: integerField(row, 'tick'),
      liquidity: bigintField(row, 'liquidity'),
      ticks: parseTicks(ticks),
      knownTicks:
        knownTicks === undefined
          ? wholeScale
          : integerPair(knownTicks, 'knownTicks'),
      ...(tickSearch === 'list' && { tickSearch }),
    }
  },

  write(state) {
    return {
      feePips: state.feePips,
      tickSpacing: state.tickSpacing,
      sqrtPriceX96: `${state.sqrtPriceX96}`,
      tick: state.tick,
      liquidity: `${state.liquidity}`,
      ticks: state.ticks.map(([tick, liquidityNet]) => [
        tick,
        `${liquidityNet}`,
      ]),
      knownTicks: state.knownTicks,
      ...(state.tickSearch === 'list' && { tickSearch: state.tickSearch }),
    }
  },

  check(state) {
    checkFee(state.feePips)
    checkTickSpacing(state.tickSpacing)
    checkKnownTicks(state.knownTicks)
    checkPrice(state)
    if (state.liquidity < 0n || state.liquidity >= liquidityBound)
      throw new PoolInvalidError(
        `liquidity is outside 0 … 2^128 - 1: ${state.liquidity}`,
        { facts: { liquidity: state.liquidity } },
      )
    checkTicks(state)
  },
}

function parseTicks(value: unknown): [number, bigint][] {
  if (!Array.isArray(value))
    throw new PoolInvalidError('ticks is no list', { facts: { ticks: value } })
  return value.map((entry, i) => {
    if (!Array.isArray(entry) || entry.length !== 2)
      throw new PoolInvalidError(`ticks[${i}] is no [tick, liquidityNet]`, {
        facts: { ticks: entry },
      })
    return [
      parseInteger(entry[0], `ticks[${i}][0]`),
      parseBigint(entry[1], `ticks[${i}][1]`),
    ]
  })
}

function checkTickSpacing(tickSpacing: number): void {
  if (
    !Number.isSafeInteger(tickSpacing) ||
    tickSpacing < 1 ||
    tickSpacing > maxTickSpacing
  )
    throw new PoolInvalidError(
      `tickSpacing is outside 1 … ${maxTickSpacing}: ${tickSpacing}`,
      { facts: { tickSpacing } },
    )
}

function checkKnownTicks(knownTicks: readonly [number, number]): void {
  const [from, to] = knownTicks
  checkTickInScale(from, 'knownTicks[0]')
  checkTickInScale(to, 'knownTicks[1]')
  if (from > to)
    throw new PoolInvalidError(`knownTicks are not rising: ${from} … ${to}`, {
      facts: { knownTicks },
    })
}

/** The contract's tick is the price's, or one below where the price stands exactly at a border it reached from above. */
function checkPrice(state: ConcentratedState): void {
  const { sqrtPriceX96, tick, knownTicks } = state
  if (sqrtPriceX96 < minSqrtRatio || sqrtPriceX96 >= maxSqrtRatio)
    throw new PoolInvalidError(
      `sqrtPriceX96 is outside the price scale: ${sqrtPriceX96}`,
      {
        facts: { sqrtPriceX96 },
        hint: `it must be in ${minSqrtRatio} … ${maxSqrtRatio - 1n}`,
      },
    )
  checkTickInScale(tick, 'tick')
  if (tick < knownTicks[0] || tick > knownTicks[1])
    throw new PoolInvalidError(
      `tick ${tick} is outside knownTicks ${knownTicks[0]} … ${knownTicks[1]}`,
      { facts: { tick, knownTicks } },
    )
  const reached = sqrtPriceX96 >= getSqrtRatioAtTick(tick)
  const passed = tick < maxTick && sqrtPriceX96 > getSqrtRatioAtTick(tick + 1)
  if (!reached || passed)
    throw new PoolInvalidError(
      `tick ${tick} is not the tick of sqrtPriceX96 ${sqrtPriceX96}`,
      { facts: { tick, sqrtPriceX96 } },
    )
}

function checkTicks(state: ConcentratedState): void {
  const { ticks, tickSpacing, knownTicks } = state
  let previous = Number.NEGATIVE_INFINITY
  for (const [tick, liquidityNet] of ticks) {
    checkTickInScale(tick, 'tick')
    if (tick % tickSpacing !== 0)
      throw new PoolInvalidError(
        `tick ${tick} is no multiple of tickSpacing ${tickSpacing}`,
        { facts: { tick, tickSpacing } },
      )
    if (tick <= previous)
      throw new PoolInvalidError(
        `ticks are not rising: ${tick} after ${previous}`,
        { facts: { tick, previous } },
      )
    if (tick < knownTicks[0] || tick > knownTicks[1])
      throw new PoolInvalidError(
        `tick ${tick} is outside knownTicks ${knownTicks[0]} … ${knownTicks[1]}`,
        { facts: { tick, knownTicks } },
      )
    if (liquidityNet < -liquidityNetBound || liquidityNet >= liquidityNetBound)
      throw new PoolInvalidError(
        `liquidityNet at tick ${tick} does not fit int128: ${liquidityNet}`,
        { facts: { tick, liquidityNet } },
      )
    previous = tick
  }
}

function checkTickInScale(tick: number, name: string): void {
  if (!Number.isSafeInteger(tick) || tick < minTick || tick > maxTick)
    throw new PoolInvalidError(
      `${name} is outside the range ${minTick} … ${maxTick}: ${tick}`,
      { facts: { [name]: tick } },
    )
}
