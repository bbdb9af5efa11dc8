import {
  type ExecutorPlan,
  encodePlan,
  replaceMinProfit,
  replaceTipTo,
} from '../../contracts/calldata.ts'
import type { Hex } from '../../core/hex.ts'
import type { Receipt } from '../../core/receipt.ts'
import { executorInterface } from './executorInterface.ts'

const wordDigits = 64
/** Of the data of `Executed`. */
const executedWords = 3
const executeSelector = executorInterface.getFunction('execute')!.selector
const executedTopic = executorInterface.getEvent('Executed')!.topicHash

/** What `execute` returns. */
export type ExecuteResult = {
  /** Base units of the cycle's token, after premium and tip. */
  readonly profit: bigint
  /** Gas of the call before refunds, without the transaction's own. */
  readonly gasUsed: bigint
}

/** What the contract reports of a trade; amounts are base units of the token. */
export type ExecutedEvent = {
  readonly amountIn: bigint
  readonly profit: bigint
  readonly tip: bigint
}

/**
 * Calldata of `execute(plan)`: ABI encoding of one `bytes` by hand, a tenth of
 * the time a coder for all types takes.
 *
 * @throws PlanInvalidError where a value does not fit its field.
 */
export function encodeExecute(plan: ExecutorPlan): Hex {
  return encodePacked(encodePlan(plan))
}

/**
 * The same call with another least profit, in base units.
 *
 * @throws PlanInvalidError where it does not fit its field.
 */
export function withMinProfit(data: Hex, minProfit: bigint): Hex {
  return encodePacked(replaceMinProfit(packedPlanIn(data), minProfit))
}

/** The same call with the tip paid to another. @throws PlanInvalidError */
export function withTipTo(data: Hex, tipTo: Hex): Hex {
  return encodePacked(replaceTipTo(packedPlanIn(data), tipTo))
}

function encodePacked(plan: Hex): Hex {
  const packed = plan.slice(2)
  const length = (packed.length / 2).toString(16).padStart(wordDigits, '0')
  const padded = packed.padEnd(
    Math.ceil(packed.length / wordDigits) * wordDigits,
    '0',
  )
  const offset = '20'.padStart(wordDigits, '0')
  return `${executeSelector}${offset}${length}${padded}` as Hex
}

/** The packed plan in the calldata of `execute`. */
export function packedPlanIn(data: Hex): Hex {
  const lengthAt = executeSelector.length + wordDigits
  const planAt = lengthAt + wordDigits
  const length = Number(`0x${data.slice(lengthAt, planAt)}`)
  return `0x${data.slice(planAt, planAt + 2 * length)}`
}

/** Reads what a call of `execute` returned; undefined where it is not that. */
export function decodeExecuteResult(result: string): ExecuteResult | undefined {
  if (result.length !== 2 + 2 * wordDigits) return undefined
  return {
    profit: BigInt(result.slice(0, 2 + wordDigits)),
    gasUsed: BigInt(`0x${result.slice(2 + wordDigits)}`),
  }
}

/** The executor's report among a transaction's logs; undefined where there is none. */
export function findExecuted(
  logs: Receipt['logs'],
  executor: Hex,
): ExecutedEvent | undefined {
  const log = logs.find(
    ({ address, topics }) =>
      topics[0] === executedTopic &&
      address.toLowerCase() === executor.toLowerCase(),
  )
  if (!log || log.data.length < 2 + executedWords * wordDigits) return undefined
  const word = (index: number): bigint =>
    BigInt(
      `0x${log.data.slice(2 + index * wordDigits, 2 + (index + 1) * wordDigits)}`,
    )
  return { amountIn: word(0), profit: word(1), tip: word(2) }
}
