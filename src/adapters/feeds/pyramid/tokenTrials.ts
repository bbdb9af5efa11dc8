import type { Hex } from '../../../core/hex.ts'

/** How a pool is swapped with: by what it is paid, and what it is asked. */
export type SwapKind = 'pair' | 'solidlyPair' | 'pool'

/** One swap on the way to a token. */
export type TrialHop = {
  readonly kind: SwapKind
  readonly pool: Hex
  readonly tokenIn: Hex
  readonly tokenOut: Hex
  /** The most that is sold: a small part of the pool, in base units of `tokenIn`. */
  readonly amountIn: bigint
  /** Of a pair. */
  readonly feePips: number
}

/** A token to be bought and sold again. */
export type TokenTrial = {
  readonly token: Hex
  /** Ways from a token of {@link TokenTrials.payment} to this one, the deepest last pool first. */
  readonly routes: readonly (readonly TrialHop[])[]
}

/** What became of a trial: a sound token with the place of the route it was bought by, one that is kept out, or why nothing is known. */
export type TokenVerdict =
  | { readonly kind: 'sound'; readonly route: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'untried'; readonly reason: string }

/** A place where tokens are bought and sold without anybody's money. */
export type TokenTrials = {
  /** The known tokens that can be paid with. */
  readonly payment: readonly Hex[]
  /** Verdicts in the order of the trials. Several calls may run at once. */
  run(trials: readonly TokenTrial[]): Promise<readonly TokenVerdict[]>
  close(): Promise<void>
}

/** Where trials are to be held, and with what. */
export type TrialSetting = {
  readonly chainId: number
  readonly blockNumber: number
  /** Tokens that are trusted: they pay for the others. */
  readonly known: readonly Hex[]
}

/** Opens {@link TokenTrials}: the feed knows no machine that runs contracts. */
export type OpenTokenTrials = (setting: TrialSetting) => Promise<TokenTrials>

/** What trials found out of tokens, in lower case; of those in neither set nothing is known. */
export type TokenFindings = {
  /** Bought and sold without loss. */
  readonly sound: ReadonlySet<string>
  readonly refused: ReadonlySet<string>
}
