import type { ChainConfig } from '../../adapters/config/index.ts'
import type { Miss } from '../../adapters/relays/index.ts'
import type { Hex } from '../../core/hex.ts'
import type { Outcome, PendingTransaction } from '../../market/plan.ts'
import type { EndedTrade } from './finalityWatch.ts'
import type { ChainBlockReport, ChainSummary } from './options.ts'

/**
 * What a chain's worker is told. Secrets go this way alone, from memory to
 * memory: what is in arguments and in the environment, others can read.
 */
export type ToWorker =
  | ({ readonly kind: 'start' } & WorkerStart)
  /** The keystore's, or why there is none. */
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'no-password'; readonly why: string }
  | { readonly kind: 'stop' }

/** What a chain's worker begins with. */
export type WorkerStart = {
  readonly section: ChainConfig
  /** Path of the SQLite file. */
  readonly database: string
  /** Path of the kill switch. */
  readonly killSwitch: string
  readonly isLive: boolean
}

/** A worker says so often that it is alive, in milliseconds: one caught in a loop of its own can not. */
export const aliveMs = 5_000

/** What a chain's worker tells. */
export type FromWorker =
  | { readonly kind: 'alive' }
  /** All that trading needs is there; whose transactions are in the ledger. */
  | { readonly kind: 'opened'; readonly operator: Hex }
  | { readonly kind: 'block'; readonly report: ChainBlockReport }
  | {
      readonly kind: 'outcome'
      readonly outcome: Outcome
      readonly pending: PendingTransaction
      readonly miss: Miss | undefined
    }
  | { readonly kind: 'reopened'; readonly ended: EndedTrade }
  | { readonly kind: 'fault'; readonly message: string }
  | { readonly kind: 'notice'; readonly message: string }
  | { readonly kind: 'restart'; readonly waitMs: number }
  | { readonly kind: 'password-wanted' }
  | ({ readonly kind: 'ended' } & WorkerEnding)

/** How a worker's run ended, by itself or because it was asked to. */
export type WorkerEnding = Pick<ChainSummary, 'open' | 'endedBy'>
