import type { Hex } from '../../core/hex.ts'

/** What every relay has: data, no code. */
type Named = {
  /** In kebab case: `flashbots-protect`. */
  readonly name: string
  readonly chainId: number
  readonly url: string
  /** Whether requests carry a signature (`X-Flashbots-Signature`). */
  readonly isSigned: boolean
}

/** A node that keeps transactions from the public pool and hands them to builders. */
export type PrivateRelay = Named & {
  readonly kind: 'private'
  readonly method: 'eth_sendRawTransaction' | 'eth_sendPrivateTransaction'
}

/** A builder that takes bundles. */
export type BuilderRelay = Named & {
  readonly kind: 'builder'
  readonly method: 'eth_sendBundle' | 'eth_sendMevBundle'
  /** How a bundle names its blocks: `each` in a request of its own, or the `last` one it may be in. */
  readonly blocks: 'each' | 'last'
  /** Takes a name under which a later bundle replaces this one. */
  readonly canReplace: boolean
  /** Runs bundles without including them. */
  readonly canSimulate: boolean
  /** Where it wants its tip; left out: the block's coinbase. */
  readonly tipTo?: Hex
  /** Least gas price that it looks at, in wei. */
  readonly minGasPrice?: bigint
}

export type Relay = PrivateRelay | BuilderRelay
