import { RiskOptionError } from './errors.ts'
import { isAddressOrId } from './riskTrade.ts'

/** What trading may risk. What is left out has its default, or no limit where none is named. */
export type RiskLimits = {
  /** Most input of a trade by address of the cycle's token, in its base units. Where given, other tokens begin no trade. */
  readonly maxInput?: Readonly<Record<string, bigint>>
  /** Most that a trade's input may be worth, in wei of the native coin. */
  readonly maxInputWorth?: bigint
  /** Most that a trade may pay for gas and L1 data at worst, in wei of the native coin. */
  readonly maxGasCost?: bigint
  /** Least expected net profit, in wei of the native coin. Default 0. */
  readonly minNetProfit?: bigint
  /** Most that may be lost in a day of the chain (UTC), in wei of the native coin. Gains make no room for losses. */
  readonly dailyLoss?: bigint
  /** Failures by our fault in a row after which trading pauses. Default 5. */
  readonly maxFailuresInRow?: number
  /** Seconds of that pause. Default: until a person resumes. */
  readonly failurePauseSeconds?: number
  /** Trades lost to competitors in a row after which trading is degraded. Default 20. */
  readonly maxLostInRow?: number
  /** Largest input while degraded, in 1/10,000 of `maxInput` and `maxInputWorth`. Default 2500. */
  readonly degradedInputBps?: number
  /** Seconds that a route rests after a trade on it was lost or failed. Default 0. */
  readonly routeCoolDownSeconds?: number
  /** At most so many trades in any so many seconds. */
  readonly rate?: { readonly trades: number; readonly seconds: number }
  /** Trades whose end is not known yet, at once. Default 8. */
  readonly maxInFlight?: number
  /** Blocks that a plan's state may lie behind the head. Default 0. */
  readonly maxBlocksBehind?: number
  /** Seconds that the head may be old. Default 60. */
  readonly maxHeadAgeSeconds?: number
  /** Addresses of tokens that are not traded. */
  readonly blockedTokens?: readonly string[]
  /** Addresses, or V4 ids, of pools that are not traded. */
  readonly blockedPools?: readonly string[]
}

/** Limits with their defaults, checked; undefined is no limit. Addresses in small letters. */
export type CheckedLimits = {
  readonly maxInput: ReadonlyMap<string, bigint> | undefined
  readonly maxInputWorth: bigint | undefined
  readonly maxGasCost: bigint | undefined
  readonly minNetProfit: bigint
  readonly dailyLoss: bigint | undefined
  readonly maxFailuresInRow: number
  readonly failurePauseSeconds: number | undefined
  readonly maxLostInRow: number
  readonly degradedInputBps: bigint
  readonly routeCoolDownSeconds: number
  readonly rate:
    | { readonly trades: number; readonly seconds: number }
    | undefined
  readonly maxInFlight: number
  readonly maxBlocksBehind: number
  readonly maxHeadAgeSeconds: number
  readonly blockedTokens: ReadonlySet<string>
  readonly blockedPools: ReadonlySet<string>
}

const mostBps = 10_000

/** @throws RiskOptionError where a limit makes no sense. */
export function checkLimits(limits: RiskLimits): CheckedLimits {
  const { maxInput, maxGasCost, dailyLoss, failurePauseSeconds, rate } = limits
  for (const [token, amount] of Object.entries(maxInput ?? {})) {
    if (!isAddressOrId(token)) throw notAddress('maxInput', token)
    amountFromZero(`maxInput of ${token}`, amount)
  }
  amountFromZero('maxInputWorth', limits.maxInputWorth)
  amountFromZero('maxGasCost', maxGasCost)
  amountFromZero('dailyLoss', dailyLoss)
  wholeFrom('failurePauseSeconds', failurePauseSeconds, 1)
  wholeFrom('rate.trades', rate?.trades, 0)
  wholeFrom('rate.seconds', rate?.seconds, 1)
  return {
    maxInput: maxInput && byAddress(maxInput),
    maxInputWorth: limits.maxInputWorth,
    maxGasCost,
    minNetProfit: limits.minNetProfit ?? 0n,
    dailyLoss,
    maxFailuresInRow: whole(limits, 'maxFailuresInRow', 5, 1),
    failurePauseSeconds,
    maxLostInRow: whole(limits, 'maxLostInRow', 20, 1),
    degradedInputBps: BigInt(
      whole(limits, 'degradedInputBps', 2500, 0, mostBps),
    ),
    routeCoolDownSeconds: whole(limits, 'routeCoolDownSeconds', 0, 0),
    rate,
    maxInFlight: whole(limits, 'maxInFlight', 8, 1),
    maxBlocksBehind: whole(limits, 'maxBlocksBehind', 0, 0),
    maxHeadAgeSeconds: whole(limits, 'maxHeadAgeSeconds', 60, 1),
    blockedTokens: addressSet('blockedTokens', limits.blockedTokens),
    blockedPools: addressSet('blockedPools', limits.blockedPools),
  }
}

type Numbered = {
  [Name in keyof RiskLimits]-?: Required<RiskLimits>[Name] extends number
    ? Name
    : never
}[keyof RiskLimits]

function whole(
  limits: RiskLimits,
  name: Numbered,
  byDefault: number,
  least: number,
  most?: number,
): number {
  const value = limits[name] ?? byDefault
  wholeFrom(name, value, least, most)
  return value
}

function wholeFrom(
  name: string,
  value: number | undefined,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  if (value === undefined) return
  if (Number.isSafeInteger(value) && value >= least && value <= most) return
  const upTo = most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''
  throw new RiskOptionError(
    `${name} is a whole number from ${least}${upTo}: ${value}`,
    { facts: { [name]: value } },
  )
}

function amountFromZero(name: string, amount: bigint | undefined): void {
  if (amount === undefined || amount >= 0n) return
  throw new RiskOptionError(`${name} is an amount from 0: ${amount}`, {
    facts: { [name]: amount },
  })
}

function byAddress(
  amounts: Readonly<Record<string, bigint>>,
): ReadonlyMap<string, bigint> {
  return new Map(
    Object.entries(amounts).map(([token, most]) => [token.toLowerCase(), most]),
  )
}

/** A name that is none would silently block nothing. */
function addressSet(
  name: string,
  addresses: readonly string[] = [],
): ReadonlySet<string> {
  const strange = addresses.find((address) => !isAddressOrId(address))
  if (strange !== undefined) throw notAddress(name, strange)
  return new Set(addresses.map((address) => address.toLowerCase()))
}

function notAddress(name: string, text: string): RiskOptionError {
  return new RiskOptionError(`${name} names no address: ${text.slice(0, 80)}`, {
    facts: { [name]: text.slice(0, 80) },
    hint: 'an address is 0x and 40 hex digits, a V4 pool id 0x and 64',
  })
}
