import type { BlockHeader } from '../../core/headFeed.ts'
import type { Rpc } from '../../core/rpc.ts'
import { integerIn } from '../../core/rpcAnswers.ts'

/** The chain's newest block, by what was told and by what its nodes say when they are asked. */
export class NewestBlock {
  readonly #rpc: Rpc
  readonly #told: () => BlockHeader
  readonly #maxAgeMs: number
  #answered = 0
  #askedAt: number = Number.NEGATIVE_INFINITY

  /**
   * @param told the head as last told.
   * @param maxAgeMs for which an answer of the nodes counts.
   */
  constructor(rpc: Rpc, told: () => BlockHeader, maxAgeMs: number) {
    this.#rpc = rpc
    this.#told = told
    this.#maxAgeMs = maxAgeMs
  }

  /** As it was told; its number is higher where the nodes have a newer one. */
  get head(): BlockHeader {
    const told = this.#told()
    return { ...told, blockNumber: Math.max(told.blockNumber, this.#answered) }
  }

  /** Asks the nodes, where they were not asked just now: a deaf feed, or a node that lags, tells of nothing newer. @throws RpcError */
  async ask(): Promise<void> {
    const now = performance.now()
    if (now - this.#askedAt <= this.#maxAgeMs) return
    const blockNumber = await readBlockNumber(this.#rpc)
    this.#answered = Math.max(this.#answered, blockNumber)
    this.#askedAt = now
  }
}

/** @throws RpcError */
export async function readBlockNumber(rpc: Rpc): Promise<number> {
  const method = 'eth_blockNumber'
  return integerIn(method, await rpc.request(method))
}
