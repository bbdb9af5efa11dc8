import type { Hex } from '../core/hex.ts'

/** An ERC-20 token, or the native coin at address zero. */
export type Token = {
  /** EIP-55 checksummed address. */
  readonly address: Hex
  /** As the token calls itself, cleaned for terminals. Not unique. */
  readonly symbol: string
  /** Base units in one token: 10 ** decimals. 0 to 77. */
  readonly decimals: number
}
