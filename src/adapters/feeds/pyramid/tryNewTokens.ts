import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import type { Dex } from '../../../market/dex.ts'
import type { Pool } from '../../../market/pool.ts'
import { tryTokens } from './chain/tryTokens.ts'
import { pyramidProtocols } from './dex/protocols.ts'
import { FetchWork } from './shard/fetchWork.ts'
import type {
  OpenTokenTrials,
  TokenFindings,
  TrialSetting,
} from './tokenTrials.ts'

/** What new tokens are tried out with. */
export type NewTokensOptions = TrialSetting & {
  readonly rpc: Rpc
  /** Those of the pools. */
  readonly dexes: readonly Dex[]
  /** As they are at the block. */
  readonly pools: readonly Pool[]
  readonly open: OpenTokenTrials
  readonly signal?: AbortSignal
}

/**
 * Buys and sells the tokens of pools that are not known, by these pools.
 *
 * @throws RpcError where the chain does not answer.
 */
export async function tryNewTokens(
  options: NewTokensOptions,
): Promise<TokenFindings> {
  const { rpc, dexes, pools, known, signal } = options
  const protocols = new Map(dexes.map(({ name, protocol }) => [name, protocol]))
  const { refused, untried } = await tryTokens(
    new FetchWork({ rpc, dexes, ...(signal && { signal }) }, new Map()),
    {
      ...options,
      kindOf: ({ dex }) =>
        pyramidProtocols.get(protocols.get(dex) ?? '')?.swapKind,
    },
  )
  const trusted = new Set(known.map(lowerCase))
  const sound = pools
    .flatMap(({ tokens }) => tokens.map(lowerCase))
    .filter(
      (token) =>
        !trusted.has(token) && !refused.has(token) && !untried.has(token),
    )
  return { sound: new Set(sound), refused }
}

function lowerCase(address: Hex): string {
  return address.toLowerCase()
}
