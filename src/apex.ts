import { createEngine } from './engine/createEngine.ts'
import type { Engine } from './engine/engine.ts'
import type { Market } from './market/market.ts'
import type { MarketBlock, PoolChange } from './market/marketBlock.ts'
import type { Opportunity } from './market/opportunity.ts'
import type {
  Execution,
  Plan,
  PlanResult,
  Simulation,
  SucceededSimulation,
} from './market/plan.ts'
import type { Pool } from './market/pool.ts'
import type { Token } from './market/token.ts'
import { engineGraph, engineState } from './services/engineGraph.ts'
import { ExecutionOptionError } from './services/execute/errors.ts'
import type { ExecutionOptions } from './services/execute/executionOptions.ts'
import type { ExecutionService } from './services/execute/executionService.ts'
import {
  type PoolQuote,
  quoteExactIn,
  quoteExactOut,
} from './services/quote/quote.ts'
import { NativePricer } from './services/scan/nativePricer.ts'
import {
  type ScanOptions,
  type ScanResult,
  scanAll,
  scanChangedPools,
} from './services/scan/scan.ts'

/** Above this many pools a scan takes so long that compiling no longer shows. */
const warmUpPools = 10_000
/** V8 has the kernel's hot loops in optimised code after two runs. */
const warmUpScans = 2

/** What {@link createApex} puts together. */
export type ApexOptions = {
  readonly market: Market
  /** Default: the WebAssembly engine. An engine serves one Apex. */
  readonly engine?: Engine
  /** What `plan`, `simulate` and `execute` need: a node, an executor, an account. */
  readonly execution?: ExecutionOptions
}

/**
 * Puts a market and an engine together.
 *
 * @throws EngineUnavailableError where WebAssembly with SIMD is missing.
 * @throws EngineCapacityError where the market does not fit its memory.
 * @throws ExecutionOptionError, ChainMismatchError, RpcError where execution cannot be set up.
 * @example
 * import { createApex, generateMarket } from 'apex-arbitrage'
 *
 * const apex = await createApex({ market: generateMarket() })
 * const { opportunities } = apex.scan({ maxHops: 3, limit: 5 })
 * for (const { grossProfit, cycle } of opportunities)
 *   console.log(grossProfit, cycle.hops.map((hop) => hop.pool.dex))
 */
export async function createApex(options: ApexOptions): Promise<Apex> {
  const engine = options.engine ?? (await createEngine())
  const { market, execution } = options
  const service = execution && (await createService(market, execution))
  const apex = new Apex(market, engine, service)
  if (isWorthWarming(apex)) warmUp(apex)
  return apex
}

/** Loaded only where it is asked for: who only scans needs no library of Ethereum's formats. */
async function createService(
  market: Market,
  options: ExecutionOptions,
): Promise<ExecutionService> {
  const { createExecution } = await import(
    './services/execute/createExecution.ts'
  )
  return await createExecution(market, options)
}

function isWorthWarming({ engine, market }: Apex): boolean {
  return (
    engine.kind === 'wasm' &&
    market.wrappedNative !== undefined &&
    market.pools.length <= warmUpPools
  )
}

/** Lays out the search from the usual base and lets the runtime compile it, so that the first scan is as quick as the next. */
function warmUp(apex: Apex): void {
  for (let i = 0; i < warmUpScans; i++) apex.scan()
}

/** A market that can be searched, quoted and moved from block to block. */
export class Apex {
  /** Read it freely; change it through `update` and `revert` only, which tell the engine. */
  readonly market: Market
  readonly engine: Engine
  readonly #pricer: NativePricer
  readonly #execution: ExecutionService | undefined

  constructor(market: Market, engine: Engine, execution?: ExecutionService) {
    this.market = market
    this.#execution = execution
    this.engine = engine
    this.#pricer = new NativePricer(market, engine)
    engine.load(engineGraph(market))
  }

  /**
   * Finds the profitable cycles of 2 to `maxHops` hops through the base tokens,
   * each with its best input, exact to the wei.
   *
   * @throws ScanOptionError, TokenUnknownError, TokenAmbiguousError
   * @throws EngineCapacityError where what was asked for does not fit its memory.
   * @example
   * apex.scan({ baseTokens: ['WETH', 'USDC'], minProfit: 10n ** 16n })
   */
  scan(options: ScanOptions = {}): ScanResult {
    return scanAll(this.market, this.engine, this.#pricer, options)
  }

  /**
   * Finds only the cycles through pools that changed since the last scan of
   * either kind.
   *
   * @throws ScanOptionError, TokenUnknownError, TokenAmbiguousError
   * @throws EngineCapacityError where what was asked for does not fit its memory.
   * @example
   * apex.update([{ pool: '0x…', reserves: [1000n, 2000n] }])
   * apex.scanChanged({ limit: 5 }).opportunities
   */
  scanChanged(options: ScanOptions = {}): ScanResult {
    return scanChangedPools(this.market, this.engine, this.#pricer, options)
  }

  /**
   * Moves the market one block on and returns the changed pools. Bare changes
   * are those of the next block; pools that join with it are searched from then
   * on. On an error nothing is changed.
   *
   * @throws MarketConflictError, MarketInvalidError, PoolUnknownError, PoolInvalidError, TokenUnknownError
   * @throws EngineCapacityError where the pools that join do not fit its memory.
   * @example
   * apex.update([{ pool: '0x…', reserves: [1000n, 2000n] }])
   * apex.scanChanged()
   */
  update(changes: MarketBlock | readonly PoolChange[]): readonly Pool[] {
    const block = isBlock(changes)
      ? changes
      : { blockNumber: this.market.blockNumber + 1, changes }
    const before = sizeOf(this.market)
    const changed = this.market.apply(block)
    try {
      this.#fitEngine(before)
    } catch (error) {
      this.market.revert()
      throw error
    }
    return this.#tellEngine(changed)
  }

  /**
   * Takes the last block back, as in a reorg, and returns the pools it had changed.
   * @throws MarketConflictError where no block is left to take back.
   */
  revert(): readonly Pool[] {
    const before = sizeOf(this.market)
    const changed = this.market.revert()
    this.#fitEngine(before)
    return this.#tellEngine(changed)
  }

  /**
   * What a pool pays for `amountIn` base units of `tokenIn`, exactly.
   *
   * @param pool its address or V4 id.
   * @param tokenIn the token sold: address or symbol.
   * @throws SwapRevertsError where the contract would revert.
   * @throws PoolUnknownError, TokenNotTradedError
   * @example
   * apex.quote('0x…', 'WETH', 10n ** 18n).amountOut
   */
  quote(pool: string, tokenIn: string, amountIn: bigint): PoolQuote {
    return quoteExactIn(this.market, this.engine, pool, tokenIn, amountIn)
  }

  /**
   * What a pool takes of `tokenIn` to pay `amountOut` base units of its other token, exactly.
   *
   * @param pool its address or V4 id.
   * @param tokenIn the token sold: address or symbol.
   * @throws SwapRevertsError where the contract would revert.
   * @throws PoolUnknownError, TokenNotTradedError
   * @example
   * apex.quoteExactOut('0x…', 'WETH', 1_000_000n).amountIn
   */
  quoteExactOut(pool: string, tokenIn: string, amountOut: bigint): PoolQuote {
    return quoteExactOut(this.market, this.engine, pool, tokenIn, amountOut)
  }

  /**
   * What plans, simulates, sends and settles, with its store.
   *
   * @throws ExecutionOptionError where it is not set up.
   */
  get execution(): ExecutionService {
    if (!this.#execution)
      throw new ExecutionOptionError('execution is not set up', {
        hint: 'createApex({ market, execution: { rpc, executor, signer } })',
      })
    return this.#execution
  }

  /**
   * Makes an opportunity executable: the cheapest loan, calldata, least profit,
   * fees, deadline; or says why it cannot be.
   *
   * @throws ExecutionOptionError where execution is not set up.
   * @throws RpcError
   * @example
   * const result = await apex.plan(opportunity)
   * if (result.kind === 'rejected') console.log(result.reason, result.detail)
   */
  async plan(opportunity: Opportunity): Promise<PlanResult> {
    return await this.execution.plan(opportunity)
  }

  /**
   * Runs a plan at the chain's latest block without sending it: exact profit
   * and gas, or why it reverts and at which hop.
   *
   * @throws ExecutionOptionError where execution is not set up.
   * @throws RpcError
   */
  async simulate(plan: Plan): Promise<Simulation> {
    return await this.execution.simulate(plan)
  }

  /**
   * Simulates, signs and sends a plan and waits for what becomes of it.
   *
   * @throws ExecutionOptionError where execution is not set up, or has no signer.
   * @throws RpcError, StoreInvalidError
   */
  async execute(plan: Plan | SucceededSimulation): Promise<Execution> {
    return await this.execution.execute(plan)
  }

  /** Has the engine hold the pools that the market has now. */
  #fitEngine(before: MarketSize): void {
    const { market, engine } = this
    const { pools, tokens } = market
    if (market.poolSet === before.poolSet) return
    if (market.wrappedNative !== before.wrappedNative) {
      // It takes the native coin's place in all routes, or gives it back.
      engine.load(engineGraph(market))
      this.#tellEngine(pools)
    } else if (pools.length > before.pools || tokens.length > before.tokens)
      engine.append(engineGraph(market, before.pools))
    else engine.truncate(pools.length, tokens.length)
  }

  #tellEngine(changed: readonly Pool[]): readonly Pool[] {
    for (const pool of changed)
      this.engine.update(this.market.poolIndex(pool.address), engineState(pool))
    return changed
  }
}

/** What shows that pools have joined a market, or left it. */
type MarketSize = {
  readonly poolSet: number
  readonly pools: number
  readonly tokens: number
  readonly wrappedNative: Token | undefined
}

function sizeOf({ poolSet, pools, tokens, wrappedNative }: Market): MarketSize {
  return {
    poolSet,
    pools: pools.length,
    tokens: tokens.length,
    wrappedNative,
  }
}

function isBlock(
  changes: MarketBlock | readonly PoolChange[],
): changes is MarketBlock {
  return !Array.isArray(changes)
}
