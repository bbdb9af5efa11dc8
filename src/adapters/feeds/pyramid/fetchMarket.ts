import { parseAddress, zeroAddress } from '../../../core/address.ts'
import { ChainMismatchError } from '../../../core/chainMismatchError.ts'
import { ApexError } from '../../../core/errors.ts'
import type { Hex } from '../../../core/hex.ts'
import { nativeCoin } from '../../../core/nativeCoins.ts'
import type { Rpc } from '../../../core/rpc.ts'
import { RpcError } from '../../../core/rpcError.ts'
import type { Dex } from '../../../market/dex.ts'
import type { Market } from '../../../market/market.ts'
import { MarketBuilder } from '../../../market/marketBuilder.ts'
import type { Pool } from '../../../market/pool.ts'
import type { Token } from '../../../market/token.ts'
import { AdapterUnknownError } from '../../adapterUnknown.ts'
import type { BatchSize } from './batchSize.ts'
import { type CallReader, createCallReader } from './callReader.ts'
import { type PyramidProtocol, pyramidProtocols } from './discovery.ts'
import { type Discovery, type Found, findPools } from './findPools.ts'
import type { FoundPool, LeftOut } from './found.ts'
import { inParallel, shardsOf } from './inParallel.ts'
import {
  entryKey,
  entryLine,
  headerLine,
  type JournalEntry,
  type PyramidJournal,
  readJournal,
} from './journal.ts'
import { canonicalMulticall3 } from './multicall.ts'
import { askPatiently, type PinnedBlock, pinBlock } from './pinBlock.ts'
import { readTokens } from './tokens.ts'

/** What {@link fetchMarket} is given. */
export type FetchOptions = {
  readonly rpc: Rpc
  readonly dexes: readonly Dex[]
  /** The block all is read at. Default the latest. */
  readonly block?: number | 'latest'
  /** Default the address where Multicall3 lies on nearly every chain. */
  readonly multicall3?: Hex
  /** The token that wraps the native coin; needed only for chains not in core/nativeCoins.ts. */
  readonly wrappedNative?: Hex
  /** So many pools of a DEX at most: the oldest. */
  readonly poolsPerDex?: number
  /** So many words of a pool's tick bitmap at most, round its price. Default 256; Infinity for the whole scale. */
  readonly tickWords?: number
  /** Default `auto`. */
  readonly discovery?: Discovery
  /** First block whose logs are read for pools. Default 0. */
  readonly fromBlock?: number
  readonly batchSize?: BatchSize
  /** What earlier runs have is not fetched again. */
  readonly journal?: PyramidJournal
  readonly signal?: AbortSignal
  onProgress?(progress: FetchProgress): void
}

/** How far a fetch is. */
export type FetchProgress = {
  readonly stage: 'find' | 'tokens' | 'pools'
  /** Undefined for tokens: they are of all DEXes. */
  readonly dex: string | undefined
  /** Blocks of logs while pools are found, then tokens or pools. */
  readonly done: number
  readonly total: number
}

/** A market as the chain tells it. */
export type FetchedMarket = {
  readonly market: Market
  /** What is not in it, and why. */
  readonly leftOut: readonly LeftOut[]
  /** Requests of `eth_call` that were sent. */
  readonly requests: number
}

const defaultTickWords = 256
const shardSize = 200

/**
 * Reads the pools of a chain's DEXes, their tokens and states at one block, in
 * a pyramid: four DEXes at once, four shards of each, four lanes of a shard,
 * each lane a Multicall3 batch of the size the node takes.
 *
 * @throws RpcError where the node does not answer, or replaced the block meanwhile.
 * @throws ChainMismatchError where a DEX is of another chain.
 * @throws AdapterUnknownError where a DEX is of an unknown protocol.
 * @example
 * const { market, leftOut } = await fetchMarket({ rpc, dexes: dexesOf(8453), poolsPerDex: 1000 })
 */
export async function fetchMarket(
  options: FetchOptions,
): Promise<FetchedMarket> {
  const { rpc, dexes, signal } = options
  const protocols = dexes.map(protocolOf)
  const chainId = await checkedChainId(options)
  const { block, entries } = await openJournal(options, chainId)
  const multicall3 = options.multicall3 ?? canonicalMulticall3
  await checkCode(options, multicall3, block)
  const reader = createCallReader({
    rpc,
    multicall3,
    blockNumber: block.blockNumber,
    ...(options.batchSize && { batchSize: options.batchSize }),
    ...(signal && { signal }),
  })
  const work = new Work(options, entries)

  const found = await inParallel(dexes, (dex, i) =>
    findAll(work, reader, dex, protocols[i]!),
  )
  const tokens = await readAllTokens(work, reader, chainId, found)
  const read = await inParallel(dexes, (dex, i) =>
    readAll(work, reader, dex, protocols[i]!, found[i]!.pools, tokens),
  )

  const again = await pinBlock(rpc, block.blockNumber, signal)
  if (again.blockHash !== block.blockHash)
    throw new RpcError(
      `block ${block.blockNumber} was replaced while it was read: ${block.blockHash} became ${again.blockHash}`,
      { method: 'eth_getBlockByNumber' },
    )
  return {
    ...build(options, { chainId, ...block }, tokens, read, work.leftOut),
    requests: reader.requests,
  }
}

/** Markets of several chains, four at once; one chain's failure stops no other. */
export async function fetchMarkets(
  chains: readonly FetchOptions[],
): Promise<readonly PromiseSettledResult<FetchedMarket>[]> {
  return await inParallel(chains, async (options) => {
    const [result] = await Promise.allSettled([fetchMarket(options)])
    return result
  })
}

/** Keeps the journal and what was left out. */
class Work {
  readonly options: FetchOptions
  readonly leftOut: LeftOut[] = []
  readonly #entries: ReadonlyMap<string, JournalEntry>
  #lastWrite: Promise<void> = Promise.resolve()

  constructor(
    options: FetchOptions,
    entries: ReadonlyMap<string, JournalEntry>,
  ) {
    this.options = options
    this.#entries = entries
  }

  /** What the journal has of a piece of work, or what `run` makes, written to it. */
  async once<Entry extends JournalEntry>(
    type: Entry['type'],
    dex: string,
    shard: number,
    run: () => Promise<Entry>,
  ): Promise<Entry> {
    const known = this.#entries.get(entryKey(type, dex, shard))
    const entry = (known as Entry | undefined) ?? (await run())
    if (!known) await this.#append(entryLine(entry))
    this.leftOut.push(...entry.leftOut)
    return entry
  }

  report(progress: FetchProgress): void {
    this.options.onProgress?.(progress)
  }

  /** One line after the other: shards end at the same time. */
  async #append(line: string): Promise<void> {
    const { journal } = this.options
    this.#lastWrite = this.#lastWrite.then(() => journal?.append(line))
    await this.#lastWrite
  }
}

async function findAll(
  work: Work,
  reader: CallReader,
  dex: Dex,
  protocol: PyramidProtocol,
): Promise<Found> {
  const { rpc, discovery, fromBlock, poolsPerDex, signal } = work.options
  const { name } = dex
  const entry = await work.once<JournalEntry & { type: 'found' }>(
    'found',
    name,
    0,
    async () => {
      const hasCode = await codeAt(rpc, dex.address, reader.blockNumber, signal)
      const found = hasCode
        ? await findPools({
            rpc,
            reader,
            dex,
            protocol,
            discovery: discovery ?? 'auto',
            fromBlock: fromBlock ?? 0,
            limit: poolsPerDex ?? Number.POSITIVE_INFINITY,
            ...(signal && { signal }),
            onProgress: (done, total) =>
              work.report({ stage: 'find', dex: name, done, total }),
          })
        : { pools: [], leftOut: [{ dex: name, reason: noCode }] }
      return { type: 'found', dex: name, ...found }
    },
  )
  return entry
}

const noCode = 'no contract at its address at this block'

async function readAllTokens(
  work: Work,
  reader: CallReader,
  chainId: number,
  found: readonly Found[],
): Promise<ReadonlyMap<string, Token>> {
  const wrapped = wrappedNativeOf(work.options, chainId)
  const addresses = [
    ...new Set([
      ...(wrapped ? [wrapped.toLowerCase() as Hex] : []),
      ...found.flatMap(({ pools }) =>
        pools.flatMap(({ tokens }) =>
          tokens.map((token) => token.toLowerCase() as Hex),
        ),
      ),
    ]),
  ]
  let done = 0
  const total = addresses.length
  const shards = await inParallel(
    shardsOf(addresses, shardSize),
    async (shard, i) => {
      const entry = await work.once<JournalEntry & { type: 'tokens' }>(
        'tokens',
        '',
        i,
        async () => {
          const readings = await readTokens(reader, chainId, shard)
          const tokens: Token[] = []
          const leftOut: LeftOut[] = []
          for (const [j, reading] of readings.entries())
            if ('reason' in reading)
              leftOut.push({ token: shard[j]!, reason: reading.reason })
            else tokens.push(reading)
          return { type: 'tokens', shard: i, tokens, leftOut }
        },
      )
      done += shard.length
      work.report({ stage: 'tokens', dex: undefined, done, total })
      return entry.tokens
    },
  )
  return new Map(
    shards.flat().map((token) => [token.address.toLowerCase(), token]),
  )
}

async function readAll(
  work: Work,
  reader: CallReader,
  dex: Dex,
  protocol: PyramidProtocol,
  found: readonly FoundPool[],
  tokens: ReadonlyMap<string, Token>,
): Promise<readonly Pool[]> {
  const { name } = dex
  const words = work.options.tickWords ?? defaultTickWords
  const pools = found.filter((pool) => {
    const missing = pool.tokens.find(
      (token) => !tokens.has(token.toLowerCase()),
    )
    if (missing)
      work.leftOut.push({
        dex: name,
        pool: pool.address,
        token: missing,
        reason: 'a token of it is kept out',
      })
    return missing === undefined
  })
  let done = 0
  const shards = await inParallel(
    shardsOf(pools, shardSize),
    async (shard, i) => {
      const entry = await work.once<JournalEntry & { type: 'pools' }>(
        'pools',
        name,
        i,
        async () => {
          const readings = await protocol.read(reader, {
            dex,
            pools: shard,
            decimalsOf: (token) => tokens.get(token.toLowerCase())!.decimals,
            windowOf: () => ({ words }),
          })
          const kept: Pool[] = []
          const leftOut: LeftOut[] = []
          for (const [j, reading] of readings.entries()) {
            const reason = 'reason' in reading ? reading.reason : empty(reading)
            if (reason !== undefined)
              leftOut.push({ dex: name, pool: shard[j]!.address, reason })
            else kept.push(reading as Pool)
          }
          return { type: 'pools', dex: name, shard: i, pools: kept, leftOut }
        },
      )
      done += shard.length
      work.report({ stage: 'pools', dex: name, done, total: pools.length })
      return entry.pools
    },
  )
  return shards.flat()
}

/** Why a pool that holds nothing is of no use. */
function empty(pool: Pool): string | undefined {
  const isEmpty =
    pool.family === 'concentrated'
      ? pool.liquidity === 0n && pool.ticks.length === 0
      : (pool.family === 'stable' ? pool.balances : pool.reserves).includes(0n)
  return isEmpty ? 'it is empty' : undefined
}

function build(
  options: FetchOptions,
  at: PinnedBlock & { readonly chainId: number },
  tokens: ReadonlyMap<string, Token>,
  read: readonly (readonly Pool[])[],
  leftOut: readonly LeftOut[],
): Pick<FetchedMarket, 'market' | 'leftOut'> {
  const wrapped = wrappedNativeOf(options, at.chainId)
  const hasWrapped = wrapped && tokens.has(wrapped.toLowerCase())
  const builder = new MarketBuilder({
    ...at,
    ...(hasWrapped && { wrappedNative: wrapped }),
  })
  const refused: LeftOut[] = []
  const added = new Set<string>()
  const add = (token: Hex): void => {
    const key = token.toLowerCase()
    if (!added.has(key)) builder.addToken(tokens.get(key)!)
    added.add(key)
  }
  if (hasWrapped) add(wrapped)
  for (const pool of read.flat())
    try {
      for (const token of pool.tokens) add(token)
      builder.addPool({ ...pool, blockNumber: at.blockNumber })
    } catch (error) {
      // A contract that breaks the rules of its family is no pool of it.
      if (!(error instanceof ApexError)) throw error
      refused.push({
        dex: pool.dex,
        pool: pool.address,
        reason: error.message,
      })
    }
  return { market: builder.build(), leftOut: [...leftOut, ...refused] }
}

/** The wrapped coin's token, where it is known. */
function wrappedNativeOf(
  { wrappedNative }: FetchOptions,
  chainId: number,
): Hex | undefined {
  const address = wrappedNative ?? nativeCoin(chainId)?.wrappedAddress
  return address === undefined || address === zeroAddress
    ? undefined
    : parseAddress(address)
}

async function checkedChainId({
  rpc,
  dexes,
  signal,
}: FetchOptions): Promise<number> {
  const answer = await askPatiently(rpc, 'eth_chainId', [], signal)
  const chainId = Number(answer)
  const stranger = dexes.find((dex) => dex.chainId !== chainId)
  if (stranger) throw new ChainMismatchError(stranger.chainId, chainId)
  return chainId
}

/** Goes on where the journal's fetch was of the same, else begins a new one. */
async function openJournal(
  options: FetchOptions,
  chainId: number,
): Promise<{
  readonly block: PinnedBlock
  readonly entries: ReadonlyMap<string, JournalEntry>
}> {
  const { rpc, journal, signal, block = 'latest' } = options
  const plan = planOf(options)
  const { header, entries } = readJournal(journal?.lines ?? [])
  if (
    header?.chainId === chainId &&
    header.plan === plan &&
    (block === 'latest' || block === header.blockNumber)
  ) {
    const now = await pinBlock(rpc, header.blockNumber, signal)
    if (now.blockHash === header.blockHash) return { block: now, entries }
  }
  const pinned = await pinBlock(rpc, block, signal)
  await journal?.append(headerLine({ chainId, ...pinned, plan }))
  return { block: pinned, entries: new Map() }
}

function planOf(options: FetchOptions): string {
  const { dexes, poolsPerDex, tickWords, discovery, fromBlock } = options
  const names = dexes.map(({ name, address }) => `${name} ${address}`)
  const { wrappedNative } = options
  return JSON.stringify([
    names,
    poolsPerDex ?? 'all',
    `${tickWords ?? defaultTickWords}`,
    discovery ?? 'auto',
    fromBlock ?? 0,
    wrappedNative ?? '',
  ])
}

async function checkCode(
  { rpc, signal }: FetchOptions,
  multicall3: Hex,
  { blockNumber }: PinnedBlock,
): Promise<void> {
  if (await codeAt(rpc, multicall3, blockNumber, signal)) return
  throw new RpcError(
    `there is no Multicall3 at ${multicall3} at block ${blockNumber}: give its address, or a later block`,
    { method: 'eth_getCode' },
  )
}

async function codeAt(
  rpc: Rpc,
  address: Hex,
  blockNumber: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const block = `0x${blockNumber.toString(16)}`
  const code = await askPatiently(rpc, 'eth_getCode', [address, block], signal)
  return typeof code === 'string' && code.length > 2
}

function protocolOf(dex: Dex): PyramidProtocol {
  const protocol = pyramidProtocols.get(dex.protocol)
  if (protocol) return protocol
  throw new AdapterUnknownError('protocol', dex.protocol, [
    ...pyramidProtocols.keys(),
  ])
}
