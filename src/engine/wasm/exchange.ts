import { U256_BYTES } from '../../../assembly/layout.ts'
import type { Kernel } from './instantiate.ts'
import { readUint256, writeUint256 } from './words.ts'

const wordsPerSlot = U256_BYTES / 8

/** The kernel's exchange: numbered slots for 256-bit arguments and results. */
export class Exchange {
  readonly #kernel: Kernel
  readonly #start: number
  #words: BigUint64Array<ArrayBuffer>

  constructor(kernel: Kernel) {
    this.#kernel = kernel
    this.#start = kernel.exchangePointer() / 8
    this.#words = new BigUint64Array(kernel.memory.buffer)
  }

  /** Takes the view again: call after anything that may have grown the memory. */
  refresh(): void {
    this.#words = new BigUint64Array(this.#kernel.memory.buffer)
  }

  write(slot: number, value: bigint): void {
    writeUint256(this.#words, this.#start + slot * wordsPerSlot, value)
  }

  read(slot: number): bigint {
    return readUint256(this.#words, this.#start + slot * wordsPerSlot)
  }
}
