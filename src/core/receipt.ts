import type { Hex } from './hex.ts'
import type { Log, Rpc } from './rpc.ts'
import {
  bytesIn,
  fieldsIn,
  hashIn,
  integerIn,
  listIn,
  quantityIn,
} from './rpcAnswers.ts'
import { RpcError } from './rpcError.ts'

/** What a node tells of a transaction that is in a block. */
export type Receipt = {
  readonly txHash: Hex
  readonly isReverted: boolean
  readonly blockNumber: number
  readonly blockHash: Hex
  readonly txIndex: number
  readonly gasUsed: bigint
  /** Wei per gas. */
  readonly effectiveGasPrice: bigint
  readonly logs: readonly Pick<Log, 'address' | 'topics' | 'data'>[]
  /** OP Stack: wei on top of the gas; 0 elsewhere. */
  readonly l1Fee: bigint
  /** Arbitrum: the part of the gas that was for data; 0 elsewhere. */
  readonly gasUsedForL1: bigint
}

const method = 'eth_getTransactionReceipt'

/**
 * The receipt of whichever of these transactions is in a block; undefined
 * where none is.
 *
 * @throws RpcError, also where an answer is no receipt of what was asked for.
 */
export async function findReceipt(
  rpc: Rpc,
  hashes: readonly Hex[],
): Promise<Receipt | undefined> {
  const receipts = await Promise.all(
    hashes.map(async (hash) =>
      readReceipt(hash, await rpc.request(method, [hash])),
    ),
  )
  return receipts.find((receipt) => receipt !== undefined)
}

function readReceipt(hash: Hex, answer: unknown): Receipt | undefined {
  if (answer === null) return undefined
  const fields = fieldsIn(method, answer)
  const { transactionHash, status, blockNumber, blockHash, transactionIndex } =
    fields
  // Some nodes have one of what still waits.
  if (blockNumber === null) return undefined
  const txHash = hashIn(method, transactionHash, 'transactionHash')
  if (txHash.toLowerCase() !== hash.toLowerCase())
    throw new RpcError(`${method}: the answer is of ${txHash}, not ${hash}`, {
      method,
    })
  const { gasUsed, effectiveGasPrice, logs, l1Fee, gasUsedForL1 } = fields
  return {
    txHash,
    isReverted: quantityIn(method, status, 'status') === 0n,
    blockNumber: integerIn(method, blockNumber, 'blockNumber'),
    blockHash: hashIn(method, blockHash, 'blockHash'),
    txIndex: integerIn(method, transactionIndex, 'transactionIndex'),
    gasUsed: quantityIn(method, gasUsed, 'gasUsed'),
    effectiveGasPrice: quantityIn(
      method,
      effectiveGasPrice,
      'effectiveGasPrice',
    ),
    logs: listIn(method, logs, 'logs').map(readLog),
    l1Fee: quantityIn(method, l1Fee ?? '0x0', 'l1Fee'),
    gasUsedForL1: quantityIn(method, gasUsedForL1 ?? '0x0', 'gasUsedForL1'),
  }
}

function readLog(log: unknown): Receipt['logs'][number] {
  const { address, topics, data } = fieldsIn(method, log, 'a log')
  return {
    address: bytesIn(method, address, 'the address of a log'),
    topics: listIn(method, topics, 'topics of a log').map((topic) =>
      hashIn(method, topic, 'a topic'),
    ),
    data: bytesIn(method, data, 'the data of a log'),
  }
}
