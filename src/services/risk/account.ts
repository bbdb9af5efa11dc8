import type { Hex } from '../../core/hex.ts'
import type { InFlightTrade, RiskAccount } from '../../market/risk.ts'
import type { CheckedLimits } from './limits.ts'
import type { RiskTrade } from './riskTrade.ts'

/**
 * How a trade ended. `lost`: to a competitor, or too late. `failed`: by our
 * fault. `void`: nothing was tried, or nothing can be learned from it.
 */
export type TradeEnd = 'landed' | 'lost' | 'failed' | 'void'

/** A trade's end with what it cost. */
export type SettledTrade = {
  readonly planId: Hex
  readonly end: TradeEnd
  /** Wei of the native coin, 0 where nothing was lost. */
  readonly loss: bigint
  /** Unix seconds of the block it is in; undefined where it is in none. */
  readonly blockTimestamp: number | undefined
  /** The transaction went out: the rate limit counts it. */
  readonly wasSent: boolean
}

const secondsPerDay = 86_400
/** A trade may settle a while after its day has ended. */
const daysKept = 7
/** Trades that a reorg may open again: those of the last minutes. */
const endedKept = 64

export const emptyAccount: RiskAccount = {
  losses: [],
  inFlight: [],
  ended: [],
  allowedAt: [],
  resting: [],
  failuresInRow: 0,
  lostInRow: 0,
  landed: 0,
  failed: 0,
  lost: 0,
  lastSeen: 0,
  breakerRevision: 0,
}

/** Day of the chain, counted from 1970 in UTC. */
export function dayOf(timestamp: number): number {
  return Math.floor(timestamp / secondsPerDay)
}

/** Lost in this day, in wei of the native coin. */
export function lossOf({ losses }: RiskAccount, day: number): bigint {
  return losses.find(([of]) => of === day)?.[1] ?? 0n
}

/** What the trades in flight may still lose, in wei of the native coin. */
export function atStake({ inFlight }: RiskAccount): bigint {
  return inFlight.reduce((sum, { worstLoss }) => sum + worstLoss, 0n)
}

/** Moves on to this second of the chain and forgets what no limit looks at any more. */
export function atTime(
  account: RiskAccount,
  { rate }: CheckedLimits,
  time: number,
): RiskAccount {
  if (time <= account.lastSeen) return account
  const firstDay = dayOf(time) - daysKept
  return {
    ...account,
    lastSeen: time,
    losses: account.losses.filter(([day]) => day > firstDay),
    allowedAt: rate
      ? account.allowedAt.filter((at) => at > time - rate.seconds)
      : [],
    resting: account.resting.filter(([, until]) => until > time),
  }
}

/** Takes room under the limits for a trade that is allowed. */
export function withTrade(
  account: RiskAccount,
  { planId, route, worstLoss }: RiskTrade,
): RiskAccount {
  const at = account.lastSeen
  return {
    ...account,
    inFlight: [...account.inFlight, { planId, route, worstLoss, at }],
    allowedAt: [...account.allowedAt, at],
  }
}

/** Gives a trade's room back and counts how it ended. */
export function withSettled(
  account: RiskAccount,
  limits: CheckedLimits,
  settled: SettledTrade,
): RiskAccount {
  const { planId, end, loss } = settled
  const trade = account.inFlight.find((trade) => trade.planId === planId)
  const time = Math.max(account.lastSeen, settled.blockTimestamp ?? 0)
  const day = dayOf(settled.blockTimestamp ?? account.lastSeen)
  return {
    ...counted(account, end),
    // What is allowed from here on may only land in this block's day or a later one.
    lastSeen: time,
    inFlight: account.inFlight.filter((other) => other !== trade),
    ended:
      trade && settled.wasSent
        ? [...account.ended, { trade, end, loss, day }].slice(-endedKept)
        : account.ended,
    allowedAt:
      settled.wasSent || !trade
        ? account.allowedAt
        : withoutOne(account.allowedAt, trade.at),
    losses: loss > 0n ? withLoss(account, day, loss) : account.losses,
    resting: trade
      ? rested(account, limits, trade, end, time)
      : account.resting,
  }
}

/**
 * Takes a trade's end back, which a reorg has undone: it is in flight again,
 * and its loss and its count are as if it had not ended. Counts in a row that
 * it ended stay as they are.
 */
export function withReopened(account: RiskAccount, planId: Hex): RiskAccount {
  const ended = account.ended.findLast(({ trade }) => trade.planId === planId)
  if (!ended) return account
  const { trade, end, loss, day } = ended
  return {
    ...uncounted(account, end),
    inFlight: [...account.inFlight, trade],
    ended: account.ended.filter((other) => other !== ended),
    losses: loss > 0n ? withLoss(account, day, -loss) : account.losses,
  }
}

/**
 * Ends the trades that are not open any more though nobody noted how: the
 * process died in between. What they may have lost counts as lost today.
 */
export function withOnly(
  account: RiskAccount,
  openPlanIds: ReadonlySet<Hex>,
  time: number,
): RiskAccount {
  const isOpen = ({ planId }: InFlightTrade): boolean => openPlanIds.has(planId)
  const missed = account.inFlight.filter((trade) => !isOpen(trade))
  if (missed.length === 0) return account
  const loss = missed.reduce((sum, { worstLoss }) => sum + worstLoss, 0n)
  return {
    ...account,
    inFlight: account.inFlight.filter(isOpen),
    losses: withLoss(account, dayOf(Math.max(time, account.lastSeen)), loss),
  }
}

function counted(account: RiskAccount, end: TradeEnd): RiskAccount {
  switch (end) {
    case 'landed':
      return {
        ...account,
        landed: account.landed + 1,
        failuresInRow: 0,
        lostInRow: 0,
      }
    case 'lost':
      return {
        ...account,
        lost: account.lost + 1,
        lostInRow: account.lostInRow + 1,
      }
    case 'failed':
      return {
        ...account,
        failed: account.failed + 1,
        failuresInRow: account.failuresInRow + 1,
      }
    default:
      return account
  }
}

function uncounted(account: RiskAccount, end: TradeEnd): RiskAccount {
  const { landed, lost, lostInRow, failed, failuresInRow } = account
  switch (end) {
    case 'landed':
      return { ...account, landed: landed - 1 }
    case 'lost':
      return {
        ...account,
        lost: lost - 1,
        lostInRow: Math.max(0, lostInRow - 1),
      }
    case 'failed':
      return {
        ...account,
        failed: failed - 1,
        failuresInRow: Math.max(0, failuresInRow - 1),
      }
    default:
      return account
  }
}

function rested(
  { resting }: RiskAccount,
  { routeCoolDownSeconds }: CheckedLimits,
  { route }: InFlightTrade,
  end: TradeEnd,
  time: number,
): RiskAccount['resting'] {
  if (routeCoolDownSeconds === 0 || end === 'landed' || end === 'void')
    return resting
  const others = resting.filter(([other]) => other !== route)
  return [...others, [route, time + routeCoolDownSeconds]]
}

function withLoss(
  { losses }: RiskAccount,
  day: number,
  loss: bigint,
): RiskAccount['losses'] {
  const before = losses.find(([of]) => of === day)?.[1] ?? 0n
  const others = losses.filter(([of]) => of !== day)
  return [...others, [day, before + loss]]
}

function withoutOne(times: readonly number[], time: number): readonly number[] {
  const index = times.indexOf(time)
  return index < 0 ? times : times.toSpliced(index, 1)
}
