import type { BlockHeader } from '../../../core/headFeed.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import type { ChainTail } from './chainTail.ts'
import { fetchHeader } from './fetchHeader.ts'
import type { BloomedHeader } from './wholeLogs.ts'

/** Asks again what a node could not answer; undefined where it never could. */
export type Persist = <Result>(
  ask: () => Promise<Result | undefined>,
) => Promise<Result | undefined>

/** Where a head leads back to. */
export type Way =
  /** The blocks from the first after `ancestor`, a block of the tail, to the head, rising. */
  | { readonly ancestor: Hex; readonly path: readonly BlockHeader[] }
  /** It leaves the tail before its oldest block. */
  | 'deeper'
  | 'unknown'

/** So many missing headers are asked for by number, all at once, before their hashes are followed. */
const leastByNumber = 3
const mostAtOnce = 32
/** Headers remembered between attempts. */
const mostRemembered = 2048

/** Finds headers by their hashes and remembers them. */
export class HeaderSource {
  readonly #rpc: Rpc
  readonly #persist: Persist
  readonly #known = new Map<string, BlockHeader>()

  constructor(rpc: Rpc, persist: Persist) {
    this.#rpc = rpc
    this.#persist = persist
  }

  remember(header: BlockHeader): void {
    if (this.#known.size >= mostRemembered) this.#known.clear()
    this.#known.set(header.blockHash.toLowerCase(), header)
  }

  /** Follows the parents of a head down to the tail. */
  async wayTo(head: BlockHeader, tail: ChainTail): Promise<Way> {
    const path = [head]
    if (!tail.has(head.parentHash)) await this.#prepare(head, tail)
    while (!tail.has(path[0]!.parentHash)) {
      const child = path[0]!
      if (child.blockNumber <= tail.oldest.blockNumber + 1) return 'deeper'
      const parent = await this.#byHash(child.parentHash)
      if (parent?.blockNumber !== child.blockNumber - 1) return 'unknown'
      path.unshift(parent)
    }
    return { ancestor: path[0]!.parentHash, path }
  }

  /** The chain's block of a number, as the node sees it now. */
  async byNumber(block: number | 'latest'): Promise<BlockHeader | undefined> {
    const header = await this.#persist(() => fetchHeader(this.#rpc, block))
    if (header) this.remember(header)
    return header
  }

  /** The header with its bloom; undefined where the node leaves it out. */
  async withBloom(header: BlockHeader): Promise<BloomedHeader | undefined> {
    const { logsBloom } = header
    if (logsBloom) return { ...header, logsBloom }
    return await this.#persist(async () => {
      const full = await fetchHeader(this.#rpc, header.blockHash)
      if (!full?.logsBloom) return undefined
      this.remember(full)
      return { ...full, logsBloom: full.logsBloom }
    })
  }

  async #byHash(hash: Hex): Promise<BlockHeader | undefined> {
    const known = this.#known.get(hash.toLowerCase())
    if (known) return known
    const header = await this.#persist(() => fetchHeader(this.#rpc, hash))
    if (header) this.remember(header)
    return header
  }

  /** Asks for a long way at once, not block by block; what the node does not tell is asked for by hash. */
  async #prepare(head: BlockHeader, tail: ChainTail): Promise<void> {
    const first = tail.head.blockNumber + 1
    const count = head.blockNumber - first
    if (count < leastByNumber || this.#known.has(head.parentHash.toLowerCase()))
      return
    for (let from = 0; from < count; from += mostAtOnce)
      await Promise.all(
        Array.from({ length: Math.min(mostAtOnce, count - from) }, (_, i) =>
          this.byNumber(first + from + i),
        ),
      )
  }
}
