import { larger, smaller } from '../../core/bigints.ts'
import type { GasPrice } from '../../market/plan.ts'
import type { Head } from './blockContext.ts'

/** The base fee rises by at most 1/8 from block to block (EIP-1559). */
const riseNumerator = 9n
const riseDenominator = 8n

/** More full blocks in a row than five are not provided for: the base fee has risen by four fifths then. */
const mostFullBlocks = 6

/** What is offered for gas; wei per gas. */
export type GasPricePolicy = {
  /** Offered above the base fee. Default: the median of the last 10 blocks. */
  readonly maxPriorityFeePerGas?: bigint
  /** Least that is offered above the base fee where that median is lower. */
  readonly leastPriorityFeePerGas?: bigint
  /** Never offer more in all, but to outbid what waits under the same nonce. Default: what the base fee can rise to within the plan's blocks, or six of them, and the priority fee. */
  readonly maxFeePerGas?: bigint
}

/**
 * The price to offer so that no rise of the base fee within `blocks` blocks, up
 * to six, prices the transaction out; undefined where the next base fee is above the
 * policy's cap.
 */
export function chooseGasPrice(
  head: Head,
  policy: GasPricePolicy,
  blocks: number,
): GasPrice | undefined {
  const { leastPriorityFeePerGas = 0n } = policy
  const priority =
    policy.maxPriorityFeePerGas ??
    larger(head.medianPriorityFeePerGas, leastPriorityFeePerGas)
  let baseFee = head.nextBaseFeePerGas
  for (let i = 1; i < Math.min(blocks, mostFullBlocks); i++)
    baseFee = risen(baseFee)
  const wanted = baseFee + priority
  const cap = policy.maxFeePerGas ?? wanted
  if (cap < head.nextBaseFeePerGas) return undefined
  const maxFeePerGas = smaller(wanted, cap)
  return {
    maxFeePerGas,
    maxPriorityFeePerGas: smaller(priority, maxFeePerGas),
  }
}

/** Wei per gas that a transaction of this price pays in the next block. */
export function effectiveGasPrice(
  { maxFeePerGas, maxPriorityFeePerGas }: GasPrice,
  baseFeePerGas: bigint,
): bigint {
  return smaller(baseFeePerGas + maxPriorityFeePerGas, maxFeePerGas)
}

/**
 * The price that replaces a transaction of the same nonce which may still wait
 * somewhere: nodes ask for a tenth more of both fees, we offer an eighth.
 */
export function replacingGasPrice(
  wanted: GasPrice,
  replaced: GasPrice,
): GasPrice {
  return {
    maxFeePerGas: atLeastRaised(wanted.maxFeePerGas, replaced.maxFeePerGas),
    maxPriorityFeePerGas: atLeastRaised(
      wanted.maxPriorityFeePerGas,
      replaced.maxPriorityFeePerGas,
    ),
  }
}

/** Both fees at their highest; undefined of none. */
export function highestGasPrice(
  prices: readonly GasPrice[],
): GasPrice | undefined {
  return prices.length === 0
    ? undefined
    : prices.reduce((a, b) => ({
        maxFeePerGas: larger(a.maxFeePerGas, b.maxFeePerGas),
        maxPriorityFeePerGas: larger(
          a.maxPriorityFeePerGas,
          b.maxPriorityFeePerGas,
        ),
      }))
}

function atLeastRaised(wanted: bigint, replaced: bigint): bigint {
  return larger(wanted, risen(replaced))
}

/** 1/8 more; rounds up. */
function risen(fee: bigint): bigint {
  return (fee * riseNumerator + riseDenominator - 1n) / riseDenominator
}
