import type { Hex } from '../../core/hex.ts'
import type { Chain } from '../../market/chain.ts'

/**
 * A configuration, checked, with every default written out. Plain data: it may
 * be sent to a worker. Its URLs may hold keys: {@link showConfig} hides them.
 */
export type Config = {
  /** Path of the SQLite file that keeps the ledger. */
  readonly database: string
  /** Path: as long as a file lies there, nothing is sent. */
  readonly killSwitch: string
  readonly chains: readonly ChainConfig[]
}

/** One chain that is traded on, or only watched. */
export type ChainConfig = {
  /** As the section is called: `base`. Its {@link Chain} may be named otherwise where two sections are of one. */
  readonly name: string
  readonly chain: Chain
  /** Nodes over HTTP: URLs, or `env:NAME`, `file:PATH` that hold one. */
  readonly rpc: readonly string[]
  /** Nodes over WebSocket, likewise. */
  readonly webSocket: readonly string[]
  /** Most requests that each node is sent; undefined where there is no limit. */
  readonly requestsPerSecond: number | undefined
  /** The executor contract; undefined where the chain is only watched. */
  readonly executor: Hex | undefined
  /** Of the account that sends: `keystore:PATH`, `env:NAME`, `file:PATH`. */
  readonly key: string | undefined
  /** Of the keystore: `env:NAME`, `file:PATH`. */
  readonly password: string | undefined
  /** Names; undefined means all known on the chain. */
  readonly dexes: readonly string[] | undefined
  /** Names; undefined means all known on the chain. */
  readonly lenders: readonly string[] | undefined
  /** Path of the market file that the state begins with; `NAME.jsonl.gz` where none is named. */
  readonly market: string
  /** Symbols or addresses where cycles begin; undefined means the wrapped native coin. */
  readonly baseTokens: readonly string[] | undefined
  readonly maxHops: 2 | 3 | 4
  /** Which logs of a block are asked for: all of them, or those of the DEXes by their topics, read twice. */
  readonly logs: 'whole' | 'topics'
  /** Whether each block's logs are proven by the root of its receipts after it was applied. */
  readonly provesLogs: boolean
  /** Names of relays; none means through the node. */
  readonly relays: readonly string[]
  /** Signs what is sent to relays; no coins lie on it. A reference as `key` is. */
  readonly relayKey: string | undefined
  /** Transactions may go through the node where relays are named and none takes them. */
  readonly allowsPublic: boolean
  readonly tip: TipConfig
  readonly risk: RiskConfig
  readonly newPools: NewPoolsConfig
}

/** Which pools that are made join the state. */
export type NewPoolsConfig = {
  /** Whether any do. */
  readonly join: boolean
  /** Wei of the native coin: a trade of it, or of its worth, must move the price by less than half. */
  readonly leastTrade: bigint
  /** Those with a token that the state does not have, too, once it was bought and sold on a copy of the chain. */
  readonly withNewTokens: boolean
  /** Most that join while the bot runs. */
  readonly most: number
}

/** Who is paid for inclusion, out of the profit. */
export type TipConfig = {
  /** Share of the profit in 1/10,000. */
  readonly bps: number
  /** The zero address means `block.coinbase`, or where a relay's builder wants it. */
  readonly to: Hex
}

/** What a chain's trades are kept within. Amounts in wei of its native coin. */
export type RiskConfig = {
  /** Most that one trade puts in, by its worth. */
  readonly maxInput: bigint
  /** Most that one trade's gas may cost, its L1 data fee with it. */
  readonly maxGasCost: bigint
  /** Least profit after all costs that a trade is sent for. */
  readonly minNetProfit: bigint
  /** After this much lost within a day (UTC) nothing more is sent. */
  readonly dailyLoss: bigint
  /** After so many trades that failed one after another nothing more is sent. */
  readonly maxFailuresInRow: number
  /** How long a route rests after it failed. */
  readonly routeCoolDownSeconds: number
  readonly maxTradesPerMinute: number
  /** A state older than so many blocks is not acted on. */
  readonly maxBlocksBehind: number
  readonly blockedTokens: readonly Hex[]
  /** Addresses, or pool ids of Uniswap V4. */
  readonly blockedPools: readonly Hex[]
}
