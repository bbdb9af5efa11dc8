import type { BlockHeader } from '../../../core/headFeed.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'

/**
 * The header of a block by its hash, its number or as the latest; undefined
 * where the node does not know it or answers with another.
 *
 * @throws RpcError
 */
export async function readHeader(
  rpc: Rpc,
  block: Hex | number | 'latest',
): Promise<BlockHeader | undefined> {
  const isHash = typeof block === 'string' && block !== 'latest'
  const tag = typeof block === 'number' ? `0x${block.toString(16)}` : block
  const answer = await rpc.request(
    isHash ? 'eth_getBlockByHash' : 'eth_getBlockByNumber',
    [tag, false],
  )
  const header = headerOf(answer)
  if (isHash && header?.blockHash.toLowerCase() !== block.toLowerCase())
    return undefined
  if (typeof block === 'number' && header?.blockNumber !== block)
    return undefined
  return header
}

/** Undefined where the node's answer is no mined block. */
function headerOf(answer: unknown): BlockHeader | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const block = answer as RpcBlock
  const { hash, parentHash, logsBloom, baseFeePerGas } = block
  const [blockNumber, timestamp] = [block.number, block.timestamp].map(
    (text) => (typeof text === 'string' ? Number(text) : Number.NaN),
  )
  if (
    !isHex(hash, 32) ||
    !isHex(parentHash, 32) ||
    !Number.isSafeInteger(blockNumber) ||
    !Number.isSafeInteger(timestamp)
  )
    return undefined
  return {
    blockNumber: blockNumber!,
    blockHash: hash,
    parentHash,
    timestamp: timestamp!,
    ...(isQuantity(baseFeePerGas) && { baseFeePerGas: BigInt(baseFeePerGas) }),
    ...(isHex(logsBloom, 256) && { logsBloom }),
  }
}

type RpcBlock = Readonly<
  Record<
    | 'number'
    | 'hash'
    | 'parentHash'
    | 'timestamp'
    | 'logsBloom'
    | 'baseFeePerGas',
    unknown
  >
>

function isHex(value: unknown, bytes: number): value is Hex {
  return (
    typeof value === 'string' &&
    value.length === 2 + 2 * bytes &&
    /^0x[\da-f]*$/i.test(value)
  )
}

function isQuantity(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[\da-f]+$/i.test(value)
}
