import type {
  Engine,
  EngineCycle,
  EngineScan,
  EngineScanOptions,
} from '../../engine/engine.ts'
import { ScanOptionError } from '../../engine/errors.ts'
import type { Market } from '../../market/market.ts'
import type { Hop, Opportunity } from '../../market/opportunity.ts'
import type { Token } from '../../market/token.ts'
import { cycleId } from './cycleId.ts'
import type { NativePricer } from './nativePricer.ts'

/** What a scan looks for. */
export type ScanOptions = {
  /** Addresses or symbols of the tokens that cycles start in, at most 16, the most wanted first. Default: the wrapped native coin. */
  readonly baseTokens?: readonly string[]
  /** Longest cycle, in hops. Default 4. */
  readonly maxHops?: 2 | 3 | 4
  /** Least gross profit in wei of the native coin. Default 0. Above 0, cycles whose profit has no native price are left out. */
  readonly minProfit?: bigint
  /** How many opportunities to return, the most profitable first; 0 returns all. Default 20. */
  readonly limit?: number
}

/** What a scan found. */
export type ScanResult = {
  readonly chainId: number
  readonly blockNumber: number
  /** Pools of the market. */
  readonly pools: number
  /** Cycles the search covered, those it could rule out without a look included. */
  readonly cyclesChecked: bigint
  /** Cycles whose marginal rate after all fees is above 1: a small enough trade gains on them. */
  readonly profitable: number
  /** Time of the search and the exact settlement, in milliseconds. */
  readonly elapsedMs: number
  /** The best of them, by profit in the native coin. */
  readonly opportunities: readonly Opportunity[]
}

const defaultLimit = 20
/** The engine's f64 profit may fall short of the exact one by less than this share. */
const approximateSlack = 1e-6

/** Searches all cycles of the market, whose pools the engine holds. */
export function scanAll(
  market: Market,
  engine: Engine,
  pricer: NativePricer,
  options: ScanOptions,
): ScanResult {
  const request = prepare(market, pricer, options)
  return search(market, pricer, request, (asked) => engine.scan(asked))
}

/** Searches the cycles through pools changed since the last scan. */
export function scanChangedPools(
  market: Market,
  engine: Engine,
  pricer: NativePricer,
  options: ScanOptions,
): ScanResult {
  const request = prepare(market, pricer, options)
  const found = search(market, pricer, request, (asked) =>
    engine.searchChanged(asked),
  )
  engine.forgetChanged()
  return found
}

/**
 * How deep the engine must look is not known beforehand where profits are sold
 * for the native coin at a falling price: it goes on until nothing it left out
 * can be among the best.
 */
function search(
  market: Market,
  pricer: NativePricer,
  request: Request,
  look: (asked: EngineScanOptions) => EngineScan,
): ScanResult {
  const started = performance.now()
  let engineLimit = request.limit
  for (;;) {
    const found = look({ ...request.engine, limit: engineLimit })
    const ranked = rank(market, pricer, request, found)
    if (
      found.cycles.length < engineLimit ||
      leavesNothingBetter(ranked, found, request)
    )
      return result(market, found, ranked, request, started)
    engineLimit *= 4
  }
}

type Request = {
  readonly minProfit: bigint
  readonly limit: number
  readonly engine: Omit<EngineScanOptions, 'limit'>
  /** Every base token is the native coin: approximate and exact ranking agree. */
  readonly exactRates: boolean
}

function prepare(
  market: Market,
  pricer: NativePricer,
  options: ScanOptions,
): Request {
  const { maxHops = 4, minProfit = 0n, limit = defaultLimit } = options
  if (minProfit < 0n)
    throw new ScanOptionError(`minProfit is below 0: ${minProfit}`)
  if (minProfit > 0n && !market.wrappedNative)
    throw new ScanOptionError(
      'minProfit is in the native coin, and the market has no token that wraps it',
      { hint: 'leave minProfit out, or name wrappedNative in the market' },
    )
  const bases = baseTokens(market, options.baseTokens)
  return {
    minProfit,
    limit,
    exactRates: bases.every((token) => pricer.isNative(token)),
    engine: {
      maxHops,
      approximateMinProfit: Number(minProfit) * (1 - approximateSlack),
      bases: bases.map((token) => ({
        token: market.tokenIndex(token.address),
        approximateNativeRate: pricer.approximateRate(token),
      })),
    },
  }
}

function baseTokens(
  market: Market,
  names: readonly string[] | undefined,
): Token[] {
  if (names && names.length > 0)
    return [...new Set(names.map((name) => market.findToken(name)))]
  if (market.wrappedNative) return [market.wrappedNative]
  throw new ScanOptionError(
    `no base token: the market of chain ${market.chainId} has no token that wraps the native coin`,
    { hint: 'name the tokens that cycles start in' },
  )
}

/**
 * The engine's cycles as opportunities, those below minProfit left out, the best
 * first. The engine has ranked them by what they are worth at most: once as
 * many are found as are asked for, the first that is worth less ends the look.
 */
function rank(
  market: Market,
  pricer: NativePricer,
  request: Request,
  found: EngineScan,
): Opportunity[] {
  const { minProfit, limit } = request
  const best: Opportunity[] = []
  for (const cycle of found.cycles) {
    const least = limit > 0 ? best[limit - 1] : undefined
    if (least && mostWorth(request, cycle) < Number(worth(least))) break
    const token = market.tokens[cycle.tokens[0]!]!
    const native = pricer.sell(token, grossProfit(cycle))
    if (minProfit > 0n && (native === null || native < minProfit)) continue
    if (least && (native ?? -1n) < worth(least)) continue
    insert(best, toOpportunity(market, cycle, native))
  }
  return best
}

function insert(best: Opportunity[], opportunity: Opportunity): void {
  let place = best.length
  while (place > 0 && byNativeProfit(opportunity, best[place - 1]!) < 0) place--
  best.splice(place, 0, opportunity)
}

function toOpportunity(
  market: Market,
  cycle: EngineCycle,
  grossProfitNative: bigint | null,
): Opportunity {
  const token = (hop: number): Token =>
    market.tokens[cycle.tokens[hop % cycle.tokens.length]!]!
  const hops = cycle.pools.map(
    (pool, i): Hop => ({
      pool: market.pools[pool]!,
      tokenIn: token(i),
      tokenOut: token(i + 1),
      zeroForOne: cycle.zeroForOne[i]!,
      amountIn: cycle.amounts[i]!,
      amountOut: cycle.amounts[i + 1]!,
    }),
  )
  return {
    cycle: { id: cycleId(hops), tokenIn: token(0), hops },
    amountIn: cycle.amounts[0]!,
    amountOut: cycle.amounts.at(-1)!,
    grossProfit: grossProfit(cycle),
    grossProfitNative,
    blockNumber: market.blockNumber,
  }
}

function grossProfit({ amounts }: EngineCycle): bigint {
  return amounts.at(-1)! - amounts[0]!
}

/** Falling; what has no native price comes last; equal ones by id. */
function byNativeProfit(a: Opportunity, b: Opportunity): number {
  const [x, y] = [worth(a), worth(b)]
  if (x !== y) return x > y ? -1 : 1
  return a.cycle.id < b.cycle.id ? -1 : 1
}

/** Of no native price counts as less than any. */
function worth({ grossProfitNative }: Opportunity): bigint {
  return grossProfitNative ?? -1n
}

/** Wei that a sale of the cycle's profit cannot exceed: it never gives more than the marginal rate. */
function mostWorth({ engine }: Request, cycle: EngineCycle): number {
  const base = engine.bases.find(({ token }) => token === cycle.tokens[0])!
  const profit = Number(grossProfit(cycle))
  return profit * base.approximateNativeRate * (1 + approximateSlack)
}

/** What the engine ranked lower is worth at most its last cycle. */
function leavesNothingBetter(
  ranked: readonly Opportunity[],
  found: EngineScan,
  request: Request,
): boolean {
  const { limit, exactRates } = request
  const last = found.cycles.at(-1)
  if (limit === 0 || !last) return true
  const least = ranked[limit - 1]
  if (!least) return false
  return exactRates || Number(worth(least)) >= mostWorth(request, last)
}

function result(
  market: Market,
  found: EngineScan,
  ranked: readonly Opportunity[],
  { limit }: Request,
  started: number,
): ScanResult {
  return {
    chainId: market.chainId,
    blockNumber: market.blockNumber,
    pools: market.pools.length,
    cyclesChecked: found.cyclesChecked,
    profitable: found.profitable,
    elapsedMs: performance.now() - started,
    opportunities: limit === 0 ? ranked : ranked.slice(0, limit),
  }
}
