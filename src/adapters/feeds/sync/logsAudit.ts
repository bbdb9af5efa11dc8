import type { BlockHeader } from '../../../core/headFeed.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Log, Rpc } from '../../../core/rpc.ts'
import { RpcError } from '../../../core/rpcError.ts'
import type { Persist } from './headerSource.ts'
import { type RpcReceipt, receiptsRoot } from './receiptsRoot.ts'
import { isSameLog, logsOfReceipts, readLog } from './wholeLogs.ts'

/** Blocks that may wait to be proven; beyond them the oldest is left unproven. */
const mostWaiting = 32

/** A block that was applied with other logs than its header commits to. */
export type WrongBlock = {
  readonly blockHash: Hex
  /** Proven. */
  readonly logs: readonly Log[]
}

/** What an audit works with. */
export type AuditParts = {
  readonly rpc: Rpc
  readonly persist: Persist
  /** First topics of the logs that matter; undefined means all. */
  readonly topics: readonly Hex[] | undefined
  readonly onWrong: (block: WrongBlock) => void
  readonly onFault: (error: unknown) => void
}

/**
 * Proves, behind the back of the trading, that blocks were applied with all
 * their logs: the receipts that hold them must have the root that the block's
 * header has, and its hash with it. One block at a time; those that come
 * meanwhile wait.
 */
export class LogsAudit {
  readonly #parts: AuditParts
  readonly #waiting = new Map<Hex, readonly Log[]>()
  #isBusy = false
  /** Blocks that were proven. */
  proven = 0

  constructor(parts: AuditParts) {
    this.#parts = parts
  }

  /** Has a block proven; nobody waits for it. */
  add({ blockHash }: BlockHeader, logs: readonly Log[]): void {
    this.#waiting.set(blockHash, logs)
    if (this.#waiting.size > mostWaiting) {
      const oldest = this.#waiting.keys().next().value!
      this.#waiting.delete(oldest)
      this.#parts.onFault(unproven(oldest, 'others came faster'))
    }
    if (!this.#isBusy) void this.#work()
  }

  /** A block that was taken back needs no proof. */
  drop(blockHash: Hex): void {
    this.#waiting.delete(blockHash)
  }

  async #work(): Promise<void> {
    this.#isBusy = true
    for (const [blockHash, logs] of this.#waiting) {
      this.#waiting.delete(blockHash)
      await this.#prove(blockHash, logs)
    }
    this.#isBusy = false
  }

  async #prove(blockHash: Hex, logs: readonly Log[]): Promise<void> {
    const { persist, topics, onWrong, onFault } = this.#parts
    const proven = await persist(() => this.#readProven(blockHash))
    if (!proven)
      return onFault(unproven(blockHash, 'no receipts have its root'))
    this.proven += 1
    const wanted = topics && new Set(topics)
    const truth = proven.filter(
      ({ topics: [topic] }) =>
        !wanted || (topic && wanted.has(topic.toLowerCase() as Hex)),
    )
    const isRight =
      logs.length === truth.length &&
      logs.every((log, i) => isSameLog(log, truth[i]!))
    if (!isRight) onWrong({ blockHash, logs: truth })
  }

  /** All logs of the block; undefined where the receipts' root is another than the header's. */
  async #readProven(blockHash: Hex): Promise<readonly Log[] | undefined> {
    const { rpc } = this.#parts
    const [block, receipts] = await Promise.all([
      rpc.request('eth_getBlockByHash', [blockHash, false]),
      rpc.request('eth_getBlockReceipts', [blockHash]),
    ])
    const root = (block as { readonly receiptsRoot?: unknown } | null)
      ?.receiptsRoot
    if (typeof root !== 'string' || !Array.isArray(receipts)) return undefined
    if (rootOf(receipts) !== root.toLowerCase()) return undefined
    const logs = (logsOfReceipts(receipts) as unknown[]).map((log) =>
      readLog(log, blockHash),
    )
    return logs.every((log) => log !== undefined) ? logs : undefined
  }
}

function rootOf(receipts: readonly unknown[]): string | undefined {
  try {
    return receiptsRoot(receipts as readonly RpcReceipt[])
  } catch {
    // Malformed: no receipts of any block.
    return undefined
  }
}

function unproven(blockHash: Hex, why: string): RpcError {
  return new RpcError(`the logs of block ${blockHash} are not proven: ${why}`, {
    method: 'eth_getBlockReceipts',
  })
}
