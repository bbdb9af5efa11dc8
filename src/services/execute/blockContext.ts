import { readFeeHistory } from '../../core/feeHistory.ts'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { readBlock } from '../../core/rpcBlock.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { L1DataCost } from './l1DataFee.ts'
import type { LenderTerms } from './lenderTerms.ts'

/** Blocks whose priority fees are looked at. */
const feeHistoryBlocks = 10
const medianPercentile = 50

/** The chain's latest block, and what the next one costs. Fees are wei per gas. */
export type Head = {
  readonly blockNumber: number
  /** Unix seconds. */
  readonly timestamp: number
  readonly blockGasLimit: bigint
  /** Of the next block, exactly (EIP-1559). */
  readonly nextBaseFeePerGas: bigint
  /** What the median transaction of the last blocks paid above the base fee. */
  readonly medianPriorityFeePerGas: bigint
}

/** What was read from the chain at one block, for all plans of that block. */
export type BlockContext = {
  readonly head: Head
  readonly loans: Memo<readonly LenderTerms[]>
  /** Base units of each token that the executor owns. */
  readonly balances: Memo<bigint>
  readonly l1DataCosts: Memo<L1DataCost>
}

/** Reads the chain once a block, whoever asks. */
export class BlockContexts {
  readonly #rpc: Rpc
  #blockNumber: number | undefined
  #context: Promise<BlockContext> | undefined
  #loans = new Memo<readonly LenderTerms[]>()
  /** Begun before anybody asked. */
  #isPrepared = false

  constructor(rpc: Rpc) {
    this.#rpc = rpc
  }

  /** Forgets what a reorg may have changed: numbers stay, blocks do not. */
  forget(): void {
    this.#context = undefined
  }

  /**
   * What is known for plans upon this block; read anew for each other block.
   * @throws RpcError
   */
  async at(blockNumber: number): Promise<BlockContext> {
    const isKnown = this.#context && this.#blockNumber === blockNumber
    const context = isKnown ? this.#context! : this.#begin(blockNumber)
    const wasPrepared = this.#isPrepared
    try {
      return await context
    } catch (error) {
      // Asked that early, a node may not have had the block yet.
      if (!wasPrepared || !(error instanceof RpcError)) throw error
    }
    return this.#context && this.#context !== context
      ? this.#context
      : this.#begin(blockNumber)
  }

  /** Begins to read what plans upon a new head need; loans of the tokens that were asked for last. Ends once the node has answered, or has not. */
  async prepare(
    blockNumber: number,
    readLoans: (token: Hex) => Promise<readonly LenderTerms[]>,
  ): Promise<void> {
    const tokens = this.#loans.keys as readonly Hex[]
    const context = this.#begin(blockNumber)
    this.#isPrepared = true
    const loans = tokens.map((token) =>
      this.#loans.get(token, () => readLoans(token)),
    )
    // Faults are told to who asks.
    await Promise.allSettled([context, ...loans])
  }

  #begin(blockNumber: number): Promise<BlockContext> {
    this.#blockNumber = blockNumber
    this.#isPrepared = false
    const loans = new Memo<readonly LenderTerms[]>()
    this.#loans = loans
    const context = readHead(this.#rpc, blockNumber).then((head) => ({
      head,
      loans,
      balances: new Memo<bigint>(),
      l1DataCosts: new Memo<L1DataCost>(),
    }))
    this.#context = context
    // A fault is told to who asked, and not kept.
    context.catch(() => {
      if (this.#context === context) this.#context = undefined
    })
    return context
  }
}

/** Answers by key, each asked for once; faults are not kept. */
export class Memo<T> {
  readonly #answers = new Map<string, Promise<T>>()

  /** What was asked for. */
  get keys(): readonly string[] {
    return [...this.#answers.keys()]
  }

  get(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key)
    if (known) return known
    const answer = read()
    this.#answers.set(key, answer)
    answer.catch(() => this.#answers.delete(key))
    return answer
  }
}

/** Number and time (unix seconds) of a block. */
export type BlockTime = Pick<Head, 'blockNumber' | 'timestamp'>

/** Number and time of the latest block. @throws RpcError */
export async function readLatestBlock(rpc: Rpc): Promise<BlockTime> {
  const { blockNumber, timestamp } = await readBlock(rpc, 'latest')
  return { blockNumber, timestamp }
}

/** Unix seconds of a block. @throws RpcError */
export async function readBlockTimestamp(
  rpc: Rpc,
  blockNumber: number,
): Promise<number> {
  return (await readBlock(rpc, blockNumber)).timestamp
}

async function readHead(rpc: Rpc, known: number): Promise<Head> {
  const head = await readHeadAt(rpc, 'latest')
  // What a node calls its latest where it lags is not what plans build on.
  return head.blockNumber >= known ? head : await readHeadAt(rpc, known)
}

async function readHeadAt(rpc: Rpc, block: number | 'latest'): Promise<Head> {
  const [{ gasLimit, ...time }, { baseFees, priorityFees }] = await Promise.all(
    [
      readBlock(rpc, block),
      readFeeHistory(rpc, feeHistoryBlocks, block, [medianPercentile]),
    ],
  )
  return {
    ...time,
    blockGasLimit: gasLimit,
    // One entry more than blocks: the next one's.
    nextBaseFeePerGas: baseFees.at(-1)!,
    medianPriorityFeePerGas: median(priorityFees.map(([fee]) => fee ?? 0n)),
  }
}

function median(values: readonly bigint[]): bigint {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted[sorted.length >> 1] ?? 0n
}
