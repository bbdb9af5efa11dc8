import { tryNewTokens } from '../adapters/feeds/pyramid/index.ts'
import type { GrowthOptions } from '../adapters/feeds/sync/index.ts'
import { zeroAddress } from '../core/address.ts'
import type { Hex } from '../core/hex.ts'
import type { Rpc } from '../core/rpc.ts'
import type { Dex } from '../market/dex.ts'

/** Where a market grows by tokens it does not have. */
export type NewTokenTrialsOptions = {
  readonly rpc: Rpc
  readonly chainId: number
  readonly dexes: readonly Dex[]
  /** Tokens that are trusted: they pay for the others. */
  readonly known: readonly Hex[]
}

/**
 * Makes what buys and sells the tokens of new pools before these may join a
 * market: on copies of the chain in this process, which are there only as long
 * as a trial takes.
 */
export function newTokenTrials({
  rpc,
  chainId,
  dexes,
  known,
}: NewTokenTrialsOptions): NonNullable<GrowthOptions['tryTokens']> {
  return async (pools, blockNumber, signal) => {
    // Only here: it brings along all that runs contracts.
    const { openTokenTrials } = await import('./openTokenTrials.ts')
    return await tryNewTokens({
      rpc,
      chainId,
      blockNumber,
      dexes,
      pools,
      signal,
      known: [zeroAddress, ...known],
      open: openTokenTrials(rpc),
    })
  }
}
