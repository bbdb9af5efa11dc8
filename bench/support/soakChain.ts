import { createBlockDecoder } from '../../src/adapters/dexes/createBlockDecoder.ts'
import { dexesOf } from '../../src/adapters/dexes/index.ts'
import { type Apex, createApex } from '../../src/apex.ts'
import type { Hex } from '../../src/core/hex.ts'
import { keccakText } from '../../src/core/keccak.ts'
import type { Log } from '../../src/core/rpc.ts'
import {
  createSeededRandom,
  type SeededRandom,
} from '../../src/core/seededRandom.ts'
import { getTickAtSqrtRatio } from '../../src/engine/reference/tickMath.ts'
import type { BlockDecoder } from '../../src/market/blockDecoder.ts'
import type { Chain } from '../../src/market/chain.ts'
import type { ExecutionStore } from '../../src/market/executionStore.ts'
import type { Opportunity } from '../../src/market/opportunity.ts'
import type { Pool } from '../../src/market/pool.ts'
import type { RiskStore } from '../../src/market/risk.ts'
import { drawMarket } from '../../src/programs/simulate/drawMarket.ts'
import { createRisk, type Risk } from '../../src/services/risk/createRisk.ts'
import { intentOf, landedOf, planOf } from '../../test/support/plans.ts'

/** A chain of made-up blocks and what a bot keeps of it. */
export type SoakOptions = {
  readonly chain: Pick<Chain, 'name' | 'blockTimeMs'>
  readonly seed: number
  readonly pools: number
  readonly store: ExecutionStore & RiskStore
  /** A row of the ledger each so many blocks. */
  readonly blocksPerRow: number
  /** A trade, from judgement to its end, each so many blocks. */
  readonly blocksPerTrade: number
}

const genesisSeconds = 1_700_000_000
const swapsPerBlock = 6
/** Of a reserve or a price, at most: users push pools to and fro round where they began. */
const mostMove = 0.004
const syncTopic = keccakText('Sync(uint112,uint112)')
const swapTopic = keccakText(
  'Swap(address,address,int256,int256,uint160,uint128,int24)',
)
/** Whose logs are made here. */
const dexNames: readonly string[] = ['uniswap-v2', 'sushiswap-v2', 'uniswap-v3']

/** Draws a market for the chain, and all that follows it. */
export async function createSoakChain(
  options: SoakOptions,
): Promise<SoakChain> {
  const { pools, seed, store, chain } = options
  const market = drawMarket({ pools, tokens: pools / 5, seed })
  const apex = await createApex({ market })
  const clock = { seconds: genesisSeconds }
  const risk = await createRisk({
    limits: {},
    store,
    ledger: chain.name,
    clock: () => clock.seconds,
  })
  return new SoakChain(options, apex, risk, clock)
}

/** Follows its blocks one by one. */
export class SoakChain {
  blocks = 0
  found = 0
  readonly #options: SoakOptions
  readonly #apex: Apex
  readonly #decoder: BlockDecoder
  readonly #risk: Risk
  readonly #clock: { seconds: number }
  readonly #random: SeededRandom
  /** As they began. */
  readonly #pools: readonly Pool[]

  constructor(
    options: SoakOptions,
    apex: Apex,
    risk: Risk,
    clock: { seconds: number },
  ) {
    const { market } = apex
    this.#options = options
    this.#apex = apex
    this.#decoder = createBlockDecoder(market, dexesOf(1))
    this.#risk = risk
    this.#clock = clock
    this.#random = createSeededRandom(options.seed)
    this.#pools = market.pools.filter(({ dex }) => dexNames.includes(dex))
    apex.scan({ maxHops: 3 })
  }

  get name(): string {
    return this.#options.chain.name
  }

  /** Milliseconds of the day at which its next block is due. */
  get nextMs(): number {
    return (this.blocks + 1) * this.#options.chain.blockTimeMs
  }

  /** Decodes, applies and searches a block, and keeps what a bot keeps of it. */
  async nextBlock(): Promise<void> {
    const { blocksPerRow, blocksPerTrade } = this.#options
    const { market } = this.#apex
    this.#clock.seconds = genesisSeconds + Math.floor(this.nextMs / 1000)
    this.blocks += 1
    const blockNumber = market.blockNumber + 1
    const block = this.#decoder.decode({
      blockNumber,
      blockHash: hashOf(blockNumber),
      parentHash: hashOf(blockNumber - 1),
      logs: Array.from({ length: swapsPerBlock }, (_, i) => this.#drawLog(i)),
    })
    this.#apex.update(block)
    const { opportunities } = this.#apex.scanChanged({ maxHops: 3, limit: 16 })
    this.found += opportunities.length
    const best = opportunities[0]
    if (best && this.blocks % blocksPerRow === 0) await this.#note(best)
    if (best && this.blocks % blocksPerTrade === 0) await this.#trade(best)
  }

  async #note(opportunity: Opportunity): Promise<void> {
    await this.#options.store.recordDecision(this.name, {
      opportunity,
      stage: 'plan',
      verdict: 'unprofitable',
      detail: 'gas would take all of it',
      blockTimestamp: this.#clock.seconds,
    })
  }

  /** The life of a trade as risk and ledger see it. */
  async #trade(opportunity: Opportunity): Promise<void> {
    const { store } = this.#options
    const plan = planOf(opportunity)
    const { blockNumber } = opportunity
    const head = { blockNumber, timestamp: this.#clock.seconds }
    const judgement = await this.#risk.judge(plan, head)
    if (judgement.kind === 'refused') throw new Error(judgement.detail)
    const intent = intentOf(this.name, plan, this.blocks)
    await store.recordPlan(this.name, plan)
    await store.writeIntent(intent)
    const outcome = landedOf(intent)
    await store.recordEnding(this.name, outcome)
    await this.#risk.note({ ...outcome, plan })
  }

  #drawLog(index: number): Log {
    const pools = this.#pools
    const pool = pools[Math.floor(this.#random.next() * pools.length)]!
    const move = 1 + (2 * this.#random.next() - 1) * mostMove
    const place = { txHash: hashOf(index), txIndex: index, logIndex: index }
    const { address } = pool
    if (pool.family === 'constantProduct') {
      const [reserve0, reserve1] = pool.reserves
      const words = [scaled(reserve0, move), scaled(reserve1, 1 / move)]
      return { ...place, address, topics: [syncTopic], data: dataOf(words) }
    }
    if (pool.family !== 'concentrated') throw new Error(pool.family)
    const sqrtPriceX96 = scaled(pool.sqrtPriceX96, 1 + (move - 1) / 1000)
    const tick = BigInt(getTickAtSqrtRatio(sqrtPriceX96))
    const words = [0n, 0n, sqrtPriceX96, pool.liquidity, tick]
    const nobody = hashOf(0)
    const topics = [swapTopic, nobody, nobody]
    return { ...place, address, topics, data: dataOf(words) }
  }
}

/** Approximately: a price or a reserve need not be exact. */
function scaled(value: bigint, factor: number): bigint {
  const unit = 1_000_000_000
  return (value * BigInt(Math.round(factor * unit))) / BigInt(unit)
}

/** Negative integers as two's complement. */
function dataOf(words: readonly bigint[]): Hex {
  return `0x${words
    .map((word) => BigInt.asUintN(256, word).toString(16).padStart(64, '0'))
    .join('')}`
}

function hashOf(number: number): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`
}
