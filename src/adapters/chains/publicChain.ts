import type { Hex } from '../../core/hex.ts'
import type { Chain } from '../../market/chain.ts'
import type { Token } from '../../market/token.ts'

/** A chain everybody knows: its wrapper is known too. */
export type PublicChain = Chain & { readonly wrappedNative: Token }

/** Multicall3 lies at this address on every chain here (mds1/multicall3, deployed by a signed transaction). */
export const multicall3: Hex = '0xcA11bde05977b3631167028862bE2a173976CA11'

/**
 * EIP-7825: no transaction may have more gas. Where a chain allows more, this
 * is the most that is asked for all the same.
 */
export const transactionGasCap: bigint = 2n ** 24n
