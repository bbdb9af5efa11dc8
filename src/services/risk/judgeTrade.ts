import type { Breaker, RiskAccount } from '../../market/risk.ts'
import { atStake, dayOf, lossOf } from './account.ts'
import type { CheckedLimits } from './limits.ts'
import type { RiskTrade } from './riskTrade.ts'

/** The chain's latest block. */
export type RiskHead = {
  readonly blockNumber: number
  /** Unix seconds. */
  readonly timestamp: number
}

/** Which limit refused a trade. */
export type RiskRule =
  | 'breaker'
  | 'stale-head'
  | 'stale-state'
  | 'blocked-token'
  | 'blocked-pool'
  | 'max-input'
  | 'max-input-worth'
  | 'max-gas-cost'
  | 'min-net-profit'
  | 'in-flight'
  | 'route-cool-down'
  | 'rate-limit'
  | 'daily-loss'

/** Whether a trade may be sent. */
export type Judgement =
  | { readonly kind: 'allowed' }
  | {
      readonly kind: 'refused'
      readonly rule: RiskRule
      /** One sentence with the numbers. */
      readonly detail: string
    }

/** All there is to judge by. */
export type Circumstances = {
  readonly limits: CheckedLimits
  /** At the head's time. */
  readonly account: RiskAccount
  readonly breaker: Breaker
  readonly trade: RiskTrade
  readonly head: RiskHead
  /** Unix seconds by the clock. */
  readonly now: number
}

/** Says why not; undefined where the rule has nothing against the trade. */
export type Rule = (circumstances: Circumstances) => string | undefined

/** Seconds that a head may lie in the future: clocks differ a little. */
const maxSecondsAhead = 60
const fullBps = 10_000n

/** The rules in the order in which they are asked; the first that refuses is named. */
export const rules: Readonly<Record<RiskRule, Rule>> = {
  breaker({ breaker: { state, by, why } }) {
    if (state === 'running' || state === 'degraded') return undefined
    return `trading is ${state} by ${by}: ${why}`
  },
  'stale-head'({ limits: { maxHeadAgeSeconds }, head, now }) {
    const age = now - head.timestamp
    if (age > maxHeadAgeSeconds)
      return `the head is ${age} s old, ${maxHeadAgeSeconds} are allowed`
    if (age < -maxSecondsAhead)
      return `the head is ${-age} s ahead of the clock: one of them is wrong`
    return undefined
  },
  'stale-state'({ limits: { maxBlocksBehind }, trade, head }) {
    const behind = head.blockNumber - trade.blockNumber
    if (behind < 0)
      return `the plan is of block ${trade.blockNumber}, after the head ${head.blockNumber}`
    if (behind <= maxBlocksBehind) return undefined
    return `the plan is of block ${trade.blockNumber}, ${behind} behind the head; ${maxBlocksBehind} are allowed`
  },
  'blocked-token'({ limits: { blockedTokens }, trade: { tokens } }) {
    const blocked = tokens.find((token) => blockedTokens.has(token))
    return blocked && `the token ${blocked} is on the block list`
  },
  'blocked-pool'({ limits: { blockedPools }, trade: { pools } }) {
    const blocked = pools.find((pool) => blockedPools.has(pool))
    return blocked && `the pool ${blocked} is on the block list`
  },
  'max-input'({ limits, breaker, trade: { token, amountIn } }) {
    if (!limits.maxInput) return undefined
    const full = limits.maxInput.get(token)
    if (full === undefined) return `no largest input is set for ${token}`
    const most = mostInput(full, limits, breaker)
    if (amountIn <= most) return undefined
    return `the input is ${amountIn}, at most ${most} is allowed${whileDegraded(breaker)}`
  },
  'max-input-worth'({ limits, breaker, trade: { inputWorth } }) {
    if (limits.maxInputWorth === undefined) return undefined
    const most = mostInput(limits.maxInputWorth, limits, breaker)
    if (inputWorth <= most) return undefined
    return `the input is worth ${inputWorth} wei, at most ${most} is allowed${whileDegraded(breaker)}`
  },
  'max-gas-cost'({ limits: { maxGasCost }, trade: { worstLoss } }) {
    if (maxGasCost === undefined || worstLoss <= maxGasCost) return undefined
    return `gas may cost ${worstLoss} wei, at most ${maxGasCost} is allowed`
  },
  'min-net-profit'({ limits: { minNetProfit }, trade: { netProfit } }) {
    if (netProfit >= minNetProfit) return undefined
    return `the net profit would be ${netProfit} wei, at least ${minNetProfit} is asked for`
  },
  'in-flight'({ limits, account: { inFlight }, breaker, trade }) {
    if (inFlight.some(({ planId }) => planId === trade.planId))
      return 'the plan is in flight already'
    if (inFlight.some(({ route }) => route === trade.route))
      return 'another trade on the route is in flight'
    const most = breaker.state === 'degraded' ? 1 : limits.maxInFlight
    if (inFlight.length < most) return undefined
    return `${inFlight.length} trades are in flight, at most ${most} may be`
  },
  'route-cool-down'({ account: { resting, lastSeen }, trade }) {
    const rest = resting.find(([route]) => route === trade.route)
    if (!rest || rest[1] <= lastSeen) return undefined
    return `the route rests for another ${rest[1] - lastSeen} s`
  },
  'rate-limit'({ limits: { rate }, account: { allowedAt, lastSeen } }) {
    if (!rate) return undefined
    const recent = allowedAt.filter((at) => at > lastSeen - rate.seconds).length
    if (recent < rate.trades) return undefined
    return `${recent} trades in ${rate.seconds} s, at most ${rate.trades} are allowed`
  },
  'daily-loss'({ limits: { dailyLoss }, account, trade: { worstLoss } }) {
    if (dailyLoss === undefined) return undefined
    const lost = lossOf(account, dayOf(account.lastSeen))
    const staked = atStake(account)
    if (lost + staked + worstLoss <= dailyLoss) return undefined
    return `${lost} wei are lost today, ${staked} at stake, ${worstLoss} more would be: at most ${dailyLoss} is allowed`
  },
}

/** The chain's time by a head; a wrong one must not carry the account far into the future. */
export function chainTime({ timestamp }: RiskHead, now: number): number {
  return Math.min(timestamp, now + maxSecondsAhead)
}

/** Asks the rules one after the other; changes nothing. */
export function judgeTrade(
  circumstances: Circumstances,
  asked: Readonly<Partial<Record<RiskRule, Rule>>> = rules,
): Judgement {
  for (const [name, rule] of Object.entries(asked)) {
    const detail = rule(circumstances)
    if (detail !== undefined)
      return { kind: 'refused', rule: name as RiskRule, detail }
  }
  return { kind: 'allowed' }
}

function mostInput(
  full: bigint,
  { degradedInputBps }: CheckedLimits,
  { state }: Breaker,
): bigint {
  return state === 'degraded' ? (full * degradedInputBps) / fullBps : full
}

function whileDegraded({ state }: Breaker): string {
  return state === 'degraded' ? ' while trading is degraded' : ''
}
