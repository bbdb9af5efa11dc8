import type {
  TokenTrial,
  TokenVerdict,
  TrialHop,
} from '../../adapters/feeds/pyramid/index.ts'
import type { Hex } from '../../core/hex.ts'
import { readWords } from '../callWords.ts'
import { faultOf, laterFaultOf, reasons } from './judge.ts'
import { roundTrip, sellHeld, sendHold } from './probe.ts'
import type { TrialChain } from './trialChain.ts'

const secondsOfDay = 86_400
const sound: TokenVerdict = { kind: 'sound' }

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
      if ('route' in result) traded.push({ place, token, ...result })
      verdicts.push('route' in result ? sound : result)
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
  { chain, sender, trader }: TrialChain,
  routes: TokenTrial['routes'],
): Promise<Pick<Traded, 'route'> | TokenVerdict> {
  let verdict: TokenVerdict = {
    kind: 'untried',
    reason: 'its pools are too small to trade with',
  }
  for (const route of routes) {
    const trial = await roundTrip(chain, sender, trader, route)
    if (!trial) return refused(reasons.endless)
    const { stage, promised } = trial
    if (stage === 'unbuyable') verdict = refused(reasons.unbuyable)
    else if (stage !== 'unreachable' && promised > 0n) {
      const fault = faultOf(trial)
      return fault === undefined ? { route } : refused(fault)
    }
  }
  return verdict
}

/** Buys by transactions, waits a day and sells: what changed by place of the trial. */
async function tradeLater(
  { chain, sender, trader }: TrialChain,
  traded: readonly Traded[],
): Promise<ReadonlyMap<number, TokenVerdict>> {
  const verdicts = new Map<number, TokenVerdict>()
  const hashes: Hex[] = []
  for (const { route } of traded)
    hashes.push(await sendHold(chain, sender, trader, route))
  await chain.mine()
  const held: bigint[] = []
  for (const { token } of traded)
    held.push(
      (await readWords(chain, token, 'balanceOf(address)', [trader], 1))?.[0] ??
        0n,
    )
  await chain.mine((await chain.timestamp()) + secondsOfDay)
  for (const [i, { place, route }] of traded.entries()) {
    const receipt = (await chain.request('eth_getTransactionReceipt', [
      hashes[i],
    ])) as { readonly status: Hex } | null
    if (receipt?.status !== '0x1') {
      verdicts.set(place, refused(reasons.otherwise))
      continue
    }
    const trial = await sellHeld(chain, sender, trader, route.at(-1)!)
    const fault = trial ? laterFaultOf(trial, held[i]!) : reasons.endless
    if (fault !== undefined) verdicts.set(place, refused(fault))
  }
  return verdicts
}

function refused(reason: string): TokenVerdict {
  return { kind: 'refused', reason }
}
