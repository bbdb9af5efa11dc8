import type { BlockHeader, HeadFeed } from '../../src/core/headFeed.ts'
import type { Hex } from '../../src/core/hex.ts'
import { keccakHex } from '../../src/core/keccak.ts'
import type { Log, Rpc } from '../../src/core/rpc.ts'
import { RpcError } from '../../src/core/rpcError.ts'

/** Blocks that are told of still: more than any reorg here takes back. */
const keptBlocks = 16

type Block = { readonly header: BlockHeader; readonly logs: readonly object[] }

/**
 * A chain of made-up blocks as a node in this process tells it: heads, headers
 * with their blooms, logs and receipts. Every call of a contract fails: there
 * is none.
 */
export class MadeUpNode implements Rpc, HeadFeed {
  readonly state = 'live'
  #blocks: Block[] = []
  #forks = 0
  #listener: Parameters<HeadFeed['start']>[0] | undefined

  start(listener: Parameters<HeadFeed['start']>[0]): void {
    this.#listener = listener
  }

  close(): void {
    this.#listener = undefined
  }

  /** Makes a block on its last one. */
  mine(logs: readonly Log[], timestamp: number): void {
    const last = this.#blocks.at(-1)?.header
    const blockNumber = (last?.blockNumber ?? 0) + 1
    const blockHash = this.#hashOf(blockNumber)
    const logsBloom = bloomOf(logs)
    const header = {
      blockNumber,
      blockHash,
      parentHash: last?.blockHash ?? genesisHash,
      timestamp,
      logsBloom,
    }
    this.#blocks.push({
      header,
      logs: logs.map((log) => ({
        ...log,
        blockHash,
        transactionHash: log.txHash,
        transactionIndex: quantity(log.txIndex),
        logIndex: quantity(log.logIndex),
      })),
    })
    if (this.#blocks.length > keptBlocks) this.#blocks.shift()
  }

  /** Takes its last blocks back. */
  fork(depth: number): void {
    this.#forks += 1
    this.#blocks = this.#blocks.slice(0, -depth)
  }

  /** Tells that the last block is the head. */
  tell(): void {
    const { header } = this.#blocks.at(-1)!
    void this.#listener?.onHeads({ headers: [header], connected: true })
  }

  async request(method: string, params?: readonly unknown[]): Promise<unknown> {
    const [asked] = params ?? []
    switch (method) {
      case 'eth_getLogs':
        return this.#byHash((asked as { blockHash: Hex }).blockHash)?.logs
      case 'eth_getBlockReceipts':
        return this.#byHash(asked as Hex)?.logs.map((log) => ({ logs: [log] }))
      case 'eth_getBlockByHash':
        return headerOf(this.#byHash(asked as Hex))
      case 'eth_getBlockByNumber':
        return headerOf(
          this.#blocks.findLast(
            ({ header }) =>
              asked === 'latest' || header.blockNumber === Number(asked),
          ),
        )
      default:
        throw new RpcError(`${method}: there are no contracts`, { method })
    }
  }

  #byHash(hash: Hex): Block | undefined {
    return this.#blocks.find(({ header }) => header.blockHash === hash)
  }

  #hashOf(blockNumber: number): Hex {
    return word(this.#forks * 2 ** 32 + blockNumber)
  }
}

/** Of the block that the first is made on. */
export const genesisHash: Hex = word(0)

/** 32 bytes. */
export function word(value: number): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}

/** As a node writes it. */
function headerOf(block: Block | undefined): object | null {
  if (!block) return null
  const { blockNumber, blockHash, timestamp, ...rest } = block.header
  return {
    ...rest,
    hash: blockHash,
    number: quantity(blockNumber),
    timestamp: quantity(timestamp),
  }
}

/** Yellow Paper, 4.3.1: three bits of 2048 for the address and each topic. */
function bloomOf(logs: readonly Log[]): Hex {
  const bytes = new Uint8Array(256)
  for (const { address, topics } of logs)
    for (const item of [address, ...topics])
      for (const bit of bitsOf(item)) bytes[255 - (bit >> 3)]! |= 1 << (bit & 7)
  return `0x${Buffer.from(bytes).toString('hex')}`
}

/** Addresses and topics come again and again. */
const known = new Map<Hex, readonly number[]>()

function bitsOf(item: Hex): readonly number[] {
  let bits = known.get(item)
  if (!bits) {
    const hash = keccakHex(item)
    bits = [2, 6, 10].map(
      (at) => Number.parseInt(hash.slice(at, at + 4), 16) & 2047,
    )
    known.set(item, bits)
  }
  return bits
}

function quantity(value: number): Hex {
  return `0x${value.toString(16)}`
}
