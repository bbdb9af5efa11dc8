import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import type { Dex } from '../../../market/dex.ts'
import type { Market } from '../../../market/market.ts'
import type { Discovery } from './dex/findPools.ts'
import type { LeftOut } from './found.ts'
import type { BatchSize } from './lane/batchSize.ts'
import type { PyramidJournal } from './shard/journal.ts'
import type { OpenTokenTrials } from './tokenTrials.ts'

/** Words of a tick bitmap that are read where nobody says how many. */
export const defaultTickWords = 256

/** What a fetch of one chain is given. */
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
  /** So many words of a pool's tick bitmap at most, round its price. Default {@link defaultTickWords}; Infinity for the whole scale. */
  readonly tickWords?: number
  /** Default `auto`. */
  readonly discovery?: Discovery
  /** First block whose logs are read for pools. Default 0. */
  readonly fromBlock?: number
  readonly batchSize?: BatchSize
  /** Tries the tokens out and keeps out those that cannot be traded. Default: none is tried. */
  readonly tokenCheck?: TokenCheckOptions
  /** What earlier runs have is not fetched again. */
  readonly journal?: PyramidJournal
  readonly signal?: AbortSignal
  onProgress?(progress: FetchProgress): void
  /** Told in a sentence what is no fault but explains what comes next. */
  onNotice?(message: string): void
}

/** How tokens are tried out. */
export type TokenCheckOptions = {
  readonly open: OpenTokenTrials
  /** Tokens that are trusted and pay for the others: where cycles begin. */
  readonly known: readonly Hex[]
}

/** How far a fetch is. */
export type FetchProgress = {
  readonly stage: 'find' | 'tokens' | 'pools' | 'trials'
  /** Undefined for tokens and their trials: they are of all DEXes. */
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
  /** Tokens in it that could not be tried out, and why; empty where none was to be. */
  readonly untried: readonly LeftOut[]
  /** Names of DEXes that are left out though they are there: they could not be read. */
  readonly failedDexes: readonly string[]
  /** Requests of `eth_call` that were sent. */
  readonly requests: number
}
