import { createBlockDecoder } from '../../src/adapters/dexes/createBlockDecoder.ts'
import { dexesOf } from '../../src/adapters/dexes/index.ts'
import {
  type BlockSync,
  createBlockSync,
  type SyncEvent,
} from '../../src/adapters/feeds/sync/index.ts'
import { type Apex, createApex } from '../../src/apex.ts'
import type { Hex } from '../../src/core/hex.ts'
import { keccakText } from '../../src/core/keccak.ts'
import type { Log } from '../../src/core/rpc.ts'
import {
  createSeededRandom,
  type SeededRandom,
} from '../../src/core/seededRandom.ts'
import { getTickAtSqrtRatio } from '../../src/engine/reference/tickMath.ts'
import type { Chain } from '../../src/market/chain.ts'
import type { ExecutionStore } from '../../src/market/executionStore.ts'
import { createMarket } from '../../src/market/marketBuilder.ts'
import type { Opportunity } from '../../src/market/opportunity.ts'
import type { Pool } from '../../src/market/pool.ts'
import type { RiskStore } from '../../src/market/risk.ts'
import { drawMarket } from '../../src/programs/simulate/drawMarket.ts'
import { createRisk, type Risk } from '../../src/services/risk/createRisk.ts'
import { intentOf, landedOf, planOf } from '../../test/support/plans.ts'
import { genesisHash, MadeUpNode, word } from './madeUpNode.ts'

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
  /** A reorg of one to three blocks each so many. */
  readonly blocksPerReorg: number
  /** A new pair each so many blocks; it is watched, and tells no state. */
  readonly blocksPerPair: number
}

const genesisSeconds = 1_700_000_000
const swapsPerBlock = 6
/** Of a reserve or a price, at most: users push pools to and fro round where they began. */
const mostMove = 0.004
const syncTopic = keccakText('Sync(uint112,uint112)')
const pairTopic = keccakText('PairCreated(address,address,address,uint256)')
/** Pairs that are watched at once: what is remembered must fill soon. */
const mostWatched = 20
const mostReorgBlocks = 3
const swapTopic = keccakText(
  'Swap(address,address,int256,int256,uint160,uint128,int24)',
)
const dexes = dexesOf(1)
const factory = dexes.find(({ name }) => name === 'uniswap-v2')!.address
/** Whose logs are made here. */
const dexNames: readonly string[] = ['uniswap-v2', 'sushiswap-v2', 'uniswap-v3']

/** Draws a market for the chain, and all that follows it. */
export async function createSoakChain(
  options: SoakOptions,
): Promise<SoakChain> {
  const { pools, seed, store, chain } = options
  const drawn = drawMarket({ pools, tokens: pools / 5, seed })
  const { chainId, wrappedNative } = drawn
  const market = createMarket({
    chainId,
    blockNumber: 0,
    blockHash: genesisHash,
    wrappedNative: wrappedNative!.address,
    tokens: drawn.tokens,
    pools: drawn.pools,
  })
  const apex = await createApex({ market })
  const clock = { seconds: genesisSeconds }
  const risk = await createRisk({
    limits: {},
    store,
    ledger: chain.name,
    clock: () => clock.seconds,
  })
  const node = new MadeUpNode()
  const sync = await createBlockSync({
    rpc: node,
    heads: node,
    market,
    target: apex,
    decoder: createBlockDecoder(market, dexes),
    growth: { mostWatched },
  })
  return new SoakChain(options, { apex, risk, clock, node, sync })
}

type Parts = {
  readonly apex: Apex
  readonly risk: Risk
  readonly clock: { seconds: number }
  readonly node: MadeUpNode
  readonly sync: BlockSync
}

/** Follows its blocks one by one. */
export class SoakChain {
  found = 0
  reverted = 0
  readonly #options: SoakOptions
  readonly #parts: Parts
  readonly #events: AsyncGenerator<SyncEvent, void, undefined>
  readonly #random: SeededRandom
  /** As they began. */
  readonly #pools: readonly Pool[]
  /** Those before the day included. */
  #blocks = 0
  #blocksBefore = 0
  readonly #end = new AbortController()

  constructor(options: SoakOptions, parts: Parts) {
    const { apex, sync } = parts
    this.#options = options
    this.#parts = parts
    this.#random = createSeededRandom(options.seed)
    this.#pools = apex.market.pools.filter(({ dex }) => dexNames.includes(dex))
    apex.scan({ maxHops: 3 })
    this.#events = sync.events(this.#end.signal)
  }

  get name(): string {
    return this.#options.chain.name
  }

  /** Of the day. */
  get blocks(): number {
    return this.#blocks - this.#blocksBefore
  }

  /** Milliseconds of the day at which its next block is due. */
  get nextMs(): number {
    return (this.blocks + 1) * this.#options.chain.blockTimeMs
  }

  /** Goes through so many blocks before the day begins. */
  async warmUp(blocks: number): Promise<void> {
    for (let i = 0; i < blocks; i++) await this.nextBlock()
    this.#blocksBefore = this.#blocks
    this.found = 0
    this.reverted = 0
  }

  /** Makes a block, follows it by its logs and searches, and keeps what a bot keeps of it. */
  async nextBlock(): Promise<void> {
    const { blocksPerRow, blocksPerTrade, blocksPerReorg } = this.#options
    const { apex, clock, node } = this.#parts
    const { blockTimeMs } = this.#options.chain
    this.#blocks += 1
    clock.seconds =
      genesisSeconds + Math.floor((this.#blocks * blockTimeMs) / 1000)
    if (this.#blocks % blocksPerReorg === 0) this.#fork()
    this.#mine()
    // Its heads are heard once the first event is asked for.
    const followed = this.#toHead()
    node.tell()
    await followed
    const { opportunities } = apex.scanChanged({ maxHops: 3, limit: 16 })
    this.found += opportunities.length
    const best = opportunities[0]
    if (best && this.#blocks % blocksPerRow === 0) await this.#note(best)
    if (best && this.#blocks % blocksPerTrade === 0) await this.#trade(best)
  }

  /** Ends the following. */
  async stop(): Promise<void> {
    this.#end.abort()
    await this.#events.return()
  }

  /** Replaces the node's last blocks by others. */
  #fork(): void {
    const depth = 1 + Math.floor(this.#random.next() * mostReorgBlocks)
    this.#parts.node.fork(depth)
    for (let i = 0; i < depth; i++) this.#mine()
  }

  #mine(): void {
    const { node, clock } = this.#parts
    const logs = Array.from({ length: swapsPerBlock }, (_, i) =>
      this.#drawLog(i),
    )
    if (this.#blocks % this.#options.blocksPerPair === 0)
      logs.push(this.#newPair(logs.length))
    node.mine(logs, clock.seconds)
  }

  /** Through the events that lead to the node's head. */
  async #toHead(): Promise<void> {
    for (;;) {
      const { value: event } = await this.#events.next()
      if (!event || event.kind === 'resync')
        throw new Error(event ? event.detail : 'the following has ended')
      if (event.kind === 'reverted') this.reverted += 1
      else if (event.behind === 0) return
    }
  }

  async #note(opportunity: Opportunity): Promise<void> {
    await this.#options.store.recordDecision(this.name, {
      opportunity,
      stage: 'plan',
      verdict: 'unprofitable',
      detail: 'gas would take all of it',
      blockTimestamp: this.#parts.clock.seconds,
    })
  }

  /** The life of a trade as risk and ledger see it. */
  async #trade(opportunity: Opportunity): Promise<void> {
    const { store } = this.#options
    const plan = planOf(opportunity)
    const { blockNumber } = opportunity
    const head = { blockNumber, timestamp: this.#parts.clock.seconds }
    const judgement = await this.#parts.risk.judge(plan, head)
    if (judgement.kind === 'refused') throw new Error(judgement.detail)
    const intent = intentOf(this.name, plan, this.#blocks)
    await store.recordPlan(this.name, plan)
    await store.writeIntent(intent)
    const outcome = landedOf(intent)
    await store.recordEnding(this.name, outcome)
    await this.#parts.risk.note({ ...outcome, plan })
  }

  /** A pair that a factory has made, of tokens of the market. */
  #newPair(index: number): Log {
    const { market } = this.#parts.apex
    const place = { txHash: word(index), txIndex: index, logIndex: index }
    const base = market.wrappedNative!.address
    const others = market.tokens.filter(({ address }) => address !== base)
    const other = others[Math.floor(this.#random.next() * others.length)]!
    const tokens = [base, other.address].map(BigInt)
    const [token0, token1] = tokens.sort((a, b) => (a < b ? -1 : 1))
    const topics = [pairTopic, dataOf([token0!]), dataOf([token1!])]
    const pair = BigInt(keccakText(`${this.#blocks}`)) >> 96n
    return { ...place, address: factory, topics, data: dataOf([pair, 1n]) }
  }

  #drawLog(index: number): Log {
    const pools = this.#pools
    const pool = pools[Math.floor(this.#random.next() * pools.length)]!
    const move = 1 + (2 * this.#random.next() - 1) * mostMove
    const place = { txHash: word(index), txIndex: index, logIndex: index }
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
    const nobody = word(0)
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
