import type { Rpc } from './rpc.ts'
import { fieldsIn, listIn, quantityIn } from './rpcAnswers.ts'
import { RpcError } from './rpcError.ts'

/** What gas cost in some blocks; wei per gas. */
export type FeeHistory = {
  /** Of the blocks in order, and of the one after them. */
  readonly baseFees: readonly [bigint, ...bigint[]]
  /** What transactions of each block paid above the base fee, at the percentiles asked for. */
  readonly priorityFees: readonly (readonly bigint[])[]
}

/** Asks what gas cost in so many blocks up to one. @throws RpcError, also where the answer tells no base fee. */
export async function readFeeHistory(
  rpc: Rpc,
  blocks: number,
  last: number | 'latest',
  percentiles: readonly number[],
): Promise<FeeHistory> {
  const method = 'eth_feeHistory'
  const answer = await rpc.request(method, [
    `0x${blocks.toString(16)}`,
    last === 'latest' ? last : `0x${last.toString(16)}`,
    percentiles,
  ])
  const { baseFeePerGas, reward } = fieldsIn(method, answer)
  const feesIn = (value: unknown, name: string) =>
    listIn(method, value, name).map((fee) => quantityIn(method, fee, 'a fee'))
  const [first, ...others] = feesIn(baseFeePerGas, 'baseFeePerGas')
  if (first === undefined)
    throw new RpcError(`${method}: baseFeePerGas is empty`, { method })
  return {
    baseFees: [first, ...others],
    // Some nodes leave it out, or have null, where there is nothing to tell.
    priorityFees: listIn(method, reward ?? [], 'reward').map((fees) =>
      feesIn(fees, 'a reward'),
    ),
  }
}
