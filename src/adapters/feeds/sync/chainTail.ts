import type { Hex } from '../../../core/hex.ts'

/** A block's place. */
export type BlockPlace = {
  readonly blockNumber: number
  readonly blockHash: Hex
}

/** The last blocks of the chain as it was followed, the oldest of which cannot be taken back. */
export class ChainTail {
  readonly #depth: number
  readonly #blocks: BlockPlace[]
  readonly #hashes: Set<string>

  /** Begins with a block that stays; keeps `depth` after it. */
  constructor(first: BlockPlace, depth: number) {
    this.#depth = depth
    this.#blocks = [first]
    this.#hashes = new Set([key(first.blockHash)])
  }

  get head(): BlockPlace {
    return this.#blocks.at(-1)!
  }

  get oldest(): BlockPlace {
    return this.#blocks[0]!
  }

  has(blockHash: Hex): boolean {
    return this.#hashes.has(key(blockHash))
  }

  push({ blockNumber, blockHash }: BlockPlace): void {
    this.#blocks.push({ blockNumber, blockHash })
    this.#hashes.add(key(blockHash))
    if (this.#blocks.length > this.#depth + 1)
      this.#hashes.delete(key(this.#blocks.shift()!.blockHash))
  }

  /** Takes the head away; never the oldest. */
  pop(): BlockPlace {
    const head = this.#blocks.pop()!
    this.#hashes.delete(key(head.blockHash))
    return head
  }
}

function key(blockHash: Hex): string {
  return blockHash.toLowerCase()
}
