import type { Opportunity } from '../../market/opportunity.ts'

/** What amounts of a token are worth: so many base units for so many wei of the native coin. */
export type NativeRate = {
  readonly tokenAmount: bigint
  readonly native: bigint
}

/** The rate at which the opportunity's gross profit sells; undefined where it has none. */
export function nativeRate(opportunity: Opportunity): NativeRate | undefined {
  const { grossProfit, grossProfitNative } = opportunity
  if (grossProfit <= 0n || !grossProfitNative) return undefined
  return { tokenAmount: grossProfit, native: grossProfitNative }
}

/** Wei of so many base units; rounds down: gains are not overstated. */
export function toNative(rate: NativeRate, amount: bigint): bigint {
  return (amount * rate.native) / rate.tokenAmount
}

/** Wei of so many base units; rounds up: costs are not understated. */
export function toNativeRoundingUp(rate: NativeRate, amount: bigint): bigint {
  return divideRoundingUp(amount * rate.native, rate.tokenAmount)
}

/** Base units that are worth so many wei; rounds up: what must be gained is not understated. */
export function toTokenRoundingUp(rate: NativeRate, wei: bigint): bigint {
  return divideRoundingUp(wei * rate.tokenAmount, rate.native)
}

function divideRoundingUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator
}
