import type { Hex } from '../core/hex.ts'

/**
 * What the circuit breaker lets through. `running`: all that the limits allow.
 * `degraded`: one trade at a time, with smaller inputs. `paused` and `halted`:
 * nothing; a halt is ended by a person only.
 */
export type BreakerState = 'running' | 'degraded' | 'paused' | 'halted'

/** The circuit breaker with who set it, why and when. */
export type Breaker = {
  readonly state: BreakerState
  /** Who set it: `risk`, `kill switch`, or a person's name. */
  readonly by: string
  /** One sentence. */
  readonly why: string
  /** Unix seconds. */
  readonly at: number
  /** Unix seconds from which a pause ends by itself; null where a person ends it. */
  readonly until: number | null
}

/** A breaker as stored: the greatest revision counts. */
export type StoredBreaker = Breaker & { readonly revision: number }

/** An allowed trade whose end is not known: the room it takes under the limits. */
export type InFlightTrade = {
  readonly planId: Hex
  /** Id of its cycle. */
  readonly route: Hex
  /** Wei of the native coin that it may cost at worst. */
  readonly worstLoss: bigint
  /** Unix seconds, chain time. */
  readonly at: number
}

/** A trade that has ended, remembered for as long as a reorg may take its end back. */
export type EndedTrade = {
  readonly trade: InFlightTrade
  readonly end: 'landed' | 'lost' | 'failed' | 'void'
  /** Wei of the native coin. */
  readonly loss: bigint
  /** Day the loss was counted in, since 1970 (UTC). */
  readonly day: number
}

/** What risk remembers of its trades. Amounts in wei of the native coin, times the chain's in unix seconds. */
export type RiskAccount = {
  /** Losses of each of the last days, by days since 1970 (UTC); gains do not lessen them. */
  readonly losses: readonly (readonly [day: number, loss: bigint])[]
  readonly inFlight: readonly InFlightTrade[]
  /** The last that were sent and have ended, the oldest first. */
  readonly ended: readonly EndedTrade[]
  /** When trades were allowed, in the last window of the rate limit. */
  readonly allowedAt: readonly number[]
  /** Routes that rest, with the first second in which they may trade again. */
  readonly resting: readonly (readonly [route: Hex, until: number])[]
  /** Failures by our fault since the last trade that landed. */
  readonly failuresInRow: number
  /** Trades lost to competitors since the last that landed. */
  readonly lostInRow: number
  /** Counts since the account was opened. */
  readonly landed: number
  readonly failed: number
  readonly lost: number
  /** Latest chain time seen. */
  readonly lastSeen: number
  /** Revision of the breaker the counts above belong to. */
  readonly breakerRevision: number
}

/** Remembers risk's account and its breaker; rows belong to a ledger. */
export type RiskStore = {
  /** Undefined where none was written. */
  readRisk(ledger: string): Promise<RiskAccount | undefined>
  /** Outlives the process once the promise is kept, and a loss of power no later than an intent that is written after it. */
  writeRisk(ledger: string, account: RiskAccount): Promise<void>
  /** The latest breaker; undefined where none was ever set. */
  readBreaker(ledger: string): Promise<StoredBreaker | undefined>
  /**
   * Sets the breaker where this revision is the next one, and says whether it
   * was: another process may have been quicker.
   */
  writeBreaker(ledger: string, breaker: StoredBreaker): Promise<boolean>
}
