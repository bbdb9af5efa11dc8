import type { Hex } from '../../core/hex.ts'
import type { Log, Rpc } from '../../core/rpc.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { HistoryBlock } from '../history.ts'

/** A block with its transactions in order and their logs. */
export type MinedBlock = HistoryBlock & {
  readonly transactions: readonly {
    readonly hash: Hex
    /** Lower case. */
    readonly from: Hex
  }[]
}

/**
 * Reads a block and the logs of its transactions.
 *
 * @throws RpcError where the node has no such block.
 */
export async function readMinedBlock(
  rpc: Rpc,
  chainId: number,
  tag: number | 'latest',
): Promise<MinedBlock> {
  const quantity = tag === 'latest' ? tag : `0x${tag.toString(16)}`
  const method = 'eth_getBlockByNumber'
  const block = (await rpc.request(method, [quantity, true])) as RpcBlock | null
  if (!block) throw new RpcError(`${method}: no block ${tag}`, { method })
  const logs = (await rpc.request('eth_getLogs', [
    { blockHash: block.hash },
  ])) as readonly RpcLog[]
  return {
    chainId,
    blockNumber: Number(block.number),
    blockHash: block.hash,
    parentHash: block.parentHash,
    timestamp: Number(block.timestamp),
    baseFeePerGas: BigInt(block.baseFeePerGas),
    transactions: block.transactions.map(({ hash, from }) => ({
      hash,
      from: from.toLowerCase() as Hex,
    })),
    logs: logs.map(toLog),
  }
}

/** Whether a mined transaction did what it was sent for. */
export async function hasSucceeded(rpc: Rpc, txHash: Hex): Promise<boolean> {
  const receipt = (await rpc.request('eth_getTransactionReceipt', [
    txHash,
  ])) as { readonly status: Hex } | null
  return receipt?.status === '0x1'
}

function toLog(log: RpcLog): Log {
  const { address, topics, data } = log
  return {
    address,
    topics,
    data,
    txHash: log.transactionHash,
    txIndex: Number(log.transactionIndex),
    logIndex: Number(log.logIndex),
  }
}

type RpcBlock = {
  readonly number: Hex
  readonly hash: Hex
  readonly parentHash: Hex
  readonly timestamp: Hex
  readonly baseFeePerGas: Hex
  readonly transactions: readonly { readonly hash: Hex; readonly from: Hex }[]
}

type RpcLog = {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly transactionHash: Hex
  readonly transactionIndex: Hex
  readonly logIndex: Hex
}
