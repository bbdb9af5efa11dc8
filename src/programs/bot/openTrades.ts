import type { Miss } from '../../adapters/relays/index.ts'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { Market } from '../../market/market.ts'
import type { Outcome, PendingTransaction } from '../../market/plan.ts'
import {
  type EndedTrade,
  type FinalityParts,
  FinalityWatch,
} from './finalityWatch.ts'
import { whyMissed } from './whyMissed.ts'

/** What {@link OpenTrades} works with. */
export type OpenTradesParts = Omit<FinalityParts, 'onOutcome'> & {
  readonly market: Market
  /** Asked why a transaction missed. */
  readonly rpc: Rpc
  readonly onOutcome: (
    pending: PendingTransaction,
    outcome: Outcome,
    miss: Miss | undefined,
  ) => void
}

/** The transactions that were sent and whose end is not known, and what becomes of them. */
export class OpenTrades {
  readonly #parts: OpenTradesParts
  #open: readonly PendingTransaction[] = []
  /** The head when a transaction had been sent, by its hash. */
  readonly #sentAt = new Map<Hex, number>()
  readonly #watch: FinalityWatch
  #head: number
  /** Ends with the last settling that was begun. */
  #settled: Promise<void> = Promise.resolve()
  /** Begun for a head whose block is not acted on yet. */
  #ahead: Promise<void> | undefined

  constructor(parts: OpenTradesParts) {
    this.#parts = parts
    this.#head = parts.market.blockNumber
    this.#watch = new FinalityWatch({
      ...parts,
      onOutcome: (pending, outcome) =>
        parts.onOutcome(pending, outcome, undefined),
    })
  }

  get all(): readonly PendingTransaction[] {
    return this.#open
  }

  /** Whether no end that was told is in doubt. */
  get isSure(): boolean {
    return this.#watch.isSure
  }

  /**
   * Takes up what an earlier run left in flight, and gives up for risk what no
   * ledger knows any more.
   *
   * @throws RpcError, StoreInvalidError
   */
  async begin(operator: Hex): Promise<void> {
    const { execution, risk } = this.#parts
    const { store, ledger } = execution
    this.#open = await store.unfinished(ledger, operator)
    const planIds = this.#open.map(({ terms }) => terms.id)
    await this.#watch.begin(operator, this.#head)
    await this.settle()
    const stillOpen = this.#open.map(({ terms }) => terms.id)
    await risk.keepOnly([...planIds, ...stillOpen])
  }

  add(pending: PendingTransaction, sentAtBlock: number): void {
    this.#open = [...this.#open, pending]
    this.#sentAt.set(pending.txHash, sentAtBlock)
  }

  /** A reorg has taken this block back. */
  reverted(blockNumber: number): void {
    this.#watch.reverted(blockNumber)
    // What was asked before this was known is asked again.
    this.#ahead = undefined
  }

  /** Begins to settle for a head whose block is on its way. */
  settleAhead(): void {
    this.#ahead = this.settle()
    // A fault of it is told where it is awaited.
    this.#ahead.catch(() => {})
  }

  /** Settles for the block that was applied, if that was not begun ahead. @throws StoreInvalidError */
  settleAt(blockNumber: number): Promise<void> {
    this.#head = blockNumber
    const settling = this.#ahead ?? this.settle()
    this.#ahead = undefined
    return settling
  }

  /** Asks what became of each; what the node does not tell stays open. @throws StoreInvalidError */
  settle(): Promise<void> {
    const settling = this.#settled.then(() => this.#settleAll())
    this.#settled = settling.catch(() => {})
    return settling
  }

  async #settleAll(): Promise<void> {
    const { risk, onOutcome } = this.#parts
    const reopened = await this.#watch.recheck(this.#head)
    this.#open = [...this.#open, ...reopened]
    const ends = await Promise.all(
      this.#open.map((pending) => this.#endOf(pending)),
    )
    const known = ends.filter((end) => end !== undefined)
    const over = new Set(known.map(({ pending }) => pending.txHash))
    this.#open = this.#open.filter(({ txHash }) => !over.has(txHash))
    await risk.noteAll(
      known.map(({ pending: { terms }, outcome, miss }) => [
        { ...outcome, plan: { id: terms.id } },
        causeOf(miss),
      ]),
    )
    for (const end of known) {
      onOutcome(end.pending, end.outcome, end.miss)
      this.#watch.add(end, this.#head)
    }
  }

  async #endOf(pending: PendingTransaction): Promise<EndedTrade | undefined> {
    const { execution, onFault } = this.#parts
    try {
      const outcome = await execution.settle(pending)
      if (!outcome) return undefined
      return { pending, outcome, miss: await this.#whyMissed(pending, outcome) }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      onFault(error)
      return undefined
    }
  }

  /** Undefined too where the node does not tell. */
  async #whyMissed(
    pending: PendingTransaction,
    outcome: Outcome,
  ): Promise<Miss | undefined> {
    const { rpc, market, onFault } = this.#parts
    const { txHash, terms } = pending
    const sentAtBlock = this.#sentAt.get(txHash) ?? terms.blockNumber
    this.#sentAt.delete(txHash)
    try {
      return await whyMissed(rpc, market, { pending, outcome, sentAtBlock })
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      onFault(error)
      return undefined
    }
  }
}

/** Whose fault a revert was, where the chain shows somebody else's trade before it; otherwise the executor's words decide. */
function causeOf(miss: Miss | undefined): 'lost' | undefined {
  return miss?.kind === 'outbid' || miss?.kind === 'stale' ? 'lost' : undefined
}
