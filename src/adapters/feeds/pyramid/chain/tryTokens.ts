import type { Hex } from '../../../../core/hex.ts'
import type { Pool } from '../../../../market/pool.ts'
import { inParallel, shardsOf } from '../inParallel.ts'
import type { FetchWork } from '../shard/fetchWork.ts'
import { tryTokenShard } from '../shard/tryTokenShard.ts'
import type {
  OpenTokenTrials,
  TokenTrials,
  TrialHop,
  TrialSetting,
} from '../tokenTrials.ts'
import { routesTo, type SwapKindOf } from './trialRoutes.ts'

/** What the trials of a chain's tokens are about. */
export type TokensToTry = TrialSetting & {
  readonly pools: readonly Pool[]
  readonly kindOf: SwapKindOf
  readonly open: OpenTokenTrials
}

/** What was found out, tokens in lower case. */
export type TriedTokens = {
  readonly refused: ReadonlySet<string>
  /** Why nothing is known of them, by token: no pool to buy them from, or the trial could not be held. */
  readonly untried: ReadonlyMap<string, string>
}

/** Swaps on the way to a token at most: cycles have no more before the token is sold. */
const mostHops = 3
const trialsPerShard = 25
/** Shards at once: each is a copy of the chain that waits for the node. */
const shardsAtOnce = 8

/**
 * Tries out every token that is not known: first those with a pool to a known
 * token, then those with a pool to one that was found sound, and so on.
 */
export async function tryTokens(
  work: FetchWork,
  asked: TokensToTry,
): Promise<TriedTokens> {
  const { chainId, blockNumber } = asked
  const known = [...new Set(asked.known.map(lowerCase))]
  let opened: Promise<TokenTrials> | undefined
  const open = (): Promise<TokenTrials> => {
    opened ??= asked.open({ chainId, blockNumber, known })
    return opened
  }
  try {
    return await tryAll(work, asked, known, open)
  } finally {
    await (await opened?.catch(() => undefined))?.close()
  }
}

async function tryAll(
  work: FetchWork,
  { pools, kindOf }: TokensToTry,
  known: readonly Hex[],
  open: () => Promise<TokenTrials>,
): Promise<TriedTokens> {
  const waiting = new Set(pools.flatMap(({ tokens }) => tokens.map(lowerCase)))
  for (const token of known) waiting.delete(token)
  const refused = new Set<string>()
  const untried = new Map<string, string>()
  const total = waiting.size
  if (total === 0) return { refused, untried }
  const { tokens: payment } = await work.once('payment', '', 0, async () => ({
    type: 'payment',
    tokens: (await open()).payment,
    leftOut: [],
  }))
  const ways = new Map<string, readonly TrialHop[]>(
    payment.map((token) => [lowerCase(token), []]),
  )
  let place = 0
  let done = 0
  for (let hops = 1; hops <= mostHops && waiting.size > 0; hops++) {
    const trials = routesTo(waiting, ways, pools, kindOf)
    const firstPlace = place
    const shards = shardsOf(trials, trialsPerShard)
    place += shards.length
    const verdicts = await inParallel(
      shards,
      async (shard, i) => {
        const entry = await tryTokenShard(work, firstPlace + i, shard, open)
        done += shard.length
        work.report({ stage: 'trials', dex: undefined, done, total })
        return entry.verdicts
      },
      shardsAtOnce,
    )
    for (const [i, verdict] of verdicts.flat().entries()) {
      const { token, routes } = trials[i]!
      waiting.delete(token)
      if (verdict.kind === 'refused') refused.add(token)
      else if (verdict.kind === 'untried') untried.set(token, verdict.reason)
      else ways.set(token, routes[verdict.route]!)
    }
  }
  for (const token of waiting)
    untried.set(token, 'no pool sells it for a token that is known or sound')
  return { refused, untried }
}

function lowerCase(address: Hex): Hex {
  return address.toLowerCase() as Hex
}
