import type {
  TokenTrial,
  TokenVerdict,
  TrialHop,
} from '../adapters/feeds/pyramid/index.ts'
import type { Hex } from '../core/hex.ts'
import type { TrialChain } from './trialChain.ts'
import { faultOf, laterFaultOf, reasons } from './trialJudge.ts'
import { readHeld, roundTrip, sellHeld, sendHold } from './trialProbe.ts'

const secondsOfDay = 86_400

/**
 * Buys and sells each token: in one call, as arbitrage does, and again with a
 * day between purchase and sale. The copy is left as it was.
 */
export async function runTrials(
  on: TrialChain,
  trials: readonly TokenTrial[],
): Promise<readonly TokenVerdict[]> {
  const { chain } = on
  const snapshot = await chain.request('evm_snapshot')
  try {
    const verdicts: TokenVerdict[] = []
    const traded: Traded[] = []
    for (const [place, { token, routes }] of trials.entries()) {
      const result = await tradeAtOnce(on, routes)
      if (result.kind === 'sound')
        traded.push({ place, token, route: routes[result.route]! })
      verdicts.push(result)
    }
    for (const [place, verdict] of await tradeLater(on, traded))
      verdicts[place] = verdict
    return verdicts
  } finally {
    await chain.request('evm_revert', [snapshot])
  }
}

/** A token that was bought and sold by a route. */
type Traded = {
  /** Which of the trials. */
  readonly place: number
  readonly token: Hex
  readonly route: readonly TrialHop[]
}

/** The first route by which the token can be bought decides. */
async function tradeAtOnce(
  on: TrialChain,
  routes: TokenTrial['routes'],
): Promise<TokenVerdict> {
  let verdict: TokenVerdict = {
    kind: 'untried',
    reason: 'its pools are too small to trade with',
  }
  for (const [route, hops] of routes.entries()) {
    const trial = await roundTrip(on, hops)
    if (!trial) return refused(reasons.endless)
    const { stage, promised } = trial
    if (stage === 'unbuyable') verdict = refused(reasons.unbuyable)
    else if (stage !== 'unreachable' && promised > 0n) {
      const fault = faultOf(trial)
      return fault === undefined ? { kind: 'sound', route } : refused(fault)
    }
  }
  return verdict
}

/** Buys by transactions, waits a day and sells: what changed by place of the trial. */
async function tradeLater(
  on: TrialChain,
  traded: readonly Traded[],
): Promise<ReadonlyMap<number, TokenVerdict>> {
  const { chain } = on
  const verdicts = new Map<number, TokenVerdict>()
  const hashes: Hex[] = []
  for (const { route } of traded) hashes.push(await sendHold(on, route))
  await chain.mine()
  const held: (bigint | undefined)[] = []
  for (const { token } of traded) held.push(await readHeld(on, token))
  await chain.mine((await chain.timestamp()) + secondsOfDay)
  for (const [i, { place, route }] of traded.entries()) {
    const receipt = (await chain.request('eth_getTransactionReceipt', [
      hashes[i],
    ])) as { readonly status: Hex } | null
    const bought = held[i]
    if (receipt?.status !== '0x1' || bought === undefined) {
      verdicts.set(place, refused(reasons.otherwise))
      continue
    }
    const trial = await sellHeld(on, route.at(-1)!)
    const fault = trial ? laterFaultOf(trial, bought) : reasons.endless
    if (fault !== undefined) verdicts.set(place, refused(fault))
  }
  return verdicts
}

function refused(reason: string): TokenVerdict {
  return { kind: 'refused', reason }
}
