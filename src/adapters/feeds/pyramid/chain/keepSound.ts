import { zeroAddress } from '../../../../core/address.ts'
import type { Hex } from '../../../../core/hex.ts'
import type { Pool } from '../../../../market/pool.ts'
import { protocolOf } from '../dex/protocols.ts'
import { type LeftOut, tokenKeptOut } from '../found.ts'
import type { FetchWork } from '../shard/fetchWork.ts'
import { tryTokens } from './tryTokens.ts'

/** Pools whose tokens can be traded, as far as trials tell. */
export type SoundPools = {
  readonly sound: readonly Pool[]
  readonly untried: readonly LeftOut[]
}

/** Where the pools are. */
export type SoundSetting = {
  readonly chainId: number
  readonly blockNumber: number
  readonly wrappedNative: Hex | undefined
}

/** Tries the pools' tokens out, where that is asked for, and leaves out the pools of those that fail. */
export async function keepSound(
  work: FetchWork,
  pools: readonly Pool[],
  { chainId, blockNumber, wrappedNative }: SoundSetting,
): Promise<SoundPools> {
  const { tokenCheck, dexes } = work.options
  if (!tokenCheck) return { sound: pools, untried: [] }
  const kinds = new Map(
    dexes.map((dex) => [dex.name, protocolOf(dex).swapKind]),
  )
  // Nobody can make the native coin or its wrapper a trap.
  const trusted = [zeroAddress, ...(wrappedNative ? [wrappedNative] : [])]
  const { refused, untried } = await tryTokens(work, {
    chainId,
    blockNumber,
    pools,
    kindOf: ({ dex }) => kinds.get(dex),
    open: tokenCheck.open,
    known: [...trusted, ...tokenCheck.known],
  })
  const sound = pools.filter(({ dex, address, tokens }) => {
    const token = tokens.find((one) => refused.has(one.toLowerCase()))
    if (token)
      work.leaveOut({ dex, pool: address, token, reason: tokenKeptOut })
    return token === undefined
  })
  const kept = new Set(
    sound.flatMap(({ tokens }) => tokens.map((token) => token.toLowerCase())),
  )
  return {
    sound,
    untried: [...untried]
      .filter(([token]) => kept.has(token))
      .map(([token, reason]) => ({ token: token as Hex, reason })),
  }
}
