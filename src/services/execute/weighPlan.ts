import { larger } from '../../core/bigints.ts'
import type { ProfitAndCost } from '../../market/plan.ts'
import {
  type NativeRate,
  toNative,
  toNativeRoundingUp,
  toTokenRoundingUp,
} from './nativeValue.ts'

const bps = 10_000n

/** What a plan brings and takes. */
export type PlanFigures = {
  /** Base units of the token: gross profit less premium, before the tip. */
  readonly balanceGain: bigint
  /** Base units of the token. */
  readonly premium: bigint
  /** Share of the gain, 1/10,000. */
  readonly tipBps: number
  /** Of the whole transaction. */
  readonly gas: bigint
  /** Wei. */
  readonly l1DataFee: bigint
}

/** The tip as the contract computes it: rounds down, for us. Base units of the token. */
export function tipOf(balanceGain: bigint, tipBps: number): bigint {
  return balanceGain > 0n ? (balanceGain * BigInt(tipBps)) / bps : 0n
}

/** Profit and costs in wei at this price of gas; gains round down, costs up. */
export function weigh(
  rate: NativeRate,
  figures: PlanFigures,
  gasPriceWei: bigint,
): ProfitAndCost {
  const { balanceGain, premium, tipBps, l1DataFee } = figures
  const parts = {
    grossProfit: toNative(rate, balanceGain + premium),
    premium: toNativeRoundingUp(rate, premium),
    gas: figures.gas * gasPriceWei,
    l1DataFee,
    tip: toNativeRoundingUp(rate, tipOf(balanceGain, tipBps)),
  }
  return { ...parts, netProfit: netProfit(parts) }
}

/** `grossProfit - premium - gas - l1DataFee - tip`. */
export function netProfit(parts: Omit<ProfitAndCost, 'netProfit'>): bigint {
  const { grossProfit, premium, gas, l1DataFee, tip } = parts
  return grossProfit - premium - gas - l1DataFee - tip
}

/**
 * The least profit after premium and tip, in base units, with which the
 * transaction still nets `minNetProfit` wei at the highest price it may pay for
 * gas; never 0. Rounds up.
 */
export function leastProfit(
  rate: NativeRate,
  figures: PlanFigures,
  maxFeePerGas: bigint,
  minNetProfit: bigint,
): bigint {
  const wei = figures.gas * maxFeePerGas + figures.l1DataFee + minNetProfit
  return larger(toTokenRoundingUp(rate, larger(wei, 0n)), 1n)
}
