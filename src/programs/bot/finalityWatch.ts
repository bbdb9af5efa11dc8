import type { BlockPlace } from '../../adapters/feeds/sync/index.ts'
import type { Miss } from '../../adapters/relays/index.ts'
import type { Hex } from '../../core/hex.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { MinedTransaction } from '../../market/executionStore.ts'
import type { Outcome, PendingTransaction } from '../../market/plan.ts'
import type { ExecutionService } from '../../services/execute/executionService.ts'
import type { Risk } from '../../services/risk/createRisk.ts'

/** What a watch works with. */
export type FinalityParts = {
  readonly execution: ExecutionService
  readonly risk: Risk
  /** Blocks on top of one after which no reorg is expected to take it. */
  readonly finalityBlocks: number
  /** Ends that were told, by plan: outlives the watch. */
  readonly told: Map<Hex, EndedTrade>
  /** An end that was told is taken back. */
  readonly onReopened: (ended: EndedTrade) => void
  readonly onOutcome: (pending: PendingTransaction, outcome: Outcome) => void
  readonly onFault: (error: unknown) => void
}

/** A transaction with how it ended, as it was told. */
export type EndedTrade = {
  readonly pending: PendingTransaction
  readonly outcome: Outcome
  readonly miss: Miss | undefined
}

/**
 * Watches over transactions that have ended until no reorg is expected to
 * change it. A reorg has the chain asked again about those it may have taken
 * back; what is final is asked about once more. What then ended otherwise is
 * booked otherwise, and what is open again is handed back: each counts once,
 * by what the chain says last.
 */
export class FinalityWatch {
  readonly #parts: FinalityParts
  readonly #ended = new Map<Hex, Watched>()
  #hadReorg = false

  constructor(parts: FinalityParts) {
    this.#parts = parts
  }

  /**
   * Takes up what an earlier run saw mined not long ago: a reorg while nobody looked may have been deeper than most.
   *
   * @param owed those whose end the ledger knows and risk was never told.
   * @throws StoreInvalidError
   */
  async begin(
    operator: Hex,
    head: number,
    owed: readonly MinedTransaction[],
  ): Promise<void> {
    const { execution, finalityBlocks, told } = this.#parts
    const { store, ledger } = execution
    // What an earlier watch told is watched on.
    for (const ended of told.values()) this.add(ended, head)
    const first = Math.max(0, head - 2 * finalityBlocks)
    for (const mined of await store.minedFrom(ledger, operator, first))
      this.#takeUp(mined, false)
    for (const mined of owed) this.#takeUp(mined, true)
    this.#hadReorg = true
  }

  /** Plans whose end risk is yet to be told: the node did not say what it was. */
  get owed(): readonly Hex[] {
    return [...this.#ended].flatMap(([id, { isOwed }]) => (isOwed ? [id] : []))
  }

  /** Whether no end is in doubt: until then a nonce may be free that seems used. */
  get isSure(): boolean {
    if (this.#hadReorg) return false
    for (const { isShaken } of this.#ended.values()) if (isShaken) return false
    return true
  }

  /** Watches one that has ended, as the node told when our chain's head was this block. */
  add(
    { pending, outcome }: Pick<EndedTrade, 'pending' | 'outcome'>,
    head: number,
  ): void {
    this.#ended.set(pending.terms.id, {
      pending,
      kind: outcome.kind,
      blockNumber: blockOf(pending, outcome, head),
      blockHash: outcome.kind === 'dropped' ? undefined : outcome.blockHash,
      isShaken: false,
      isAhead: isAhead(outcome, head),
      isOwed: false,
    })
  }

  /** Notes that the end of one was told: should a reorg undo it, that is told too. */
  noteTold(ended: EndedTrade): void {
    this.#parts.told.set(ended.pending.terms.id, ended)
  }

  /** Our chain has come to this block: what a node told to be in it was told of our branch. */
  applied({ blockNumber, blockHash }: BlockPlace): void {
    for (const watched of this.#ended.values())
      if (
        watched.blockNumber === blockNumber &&
        watched.blockHash === blockHash
      )
        watched.isAhead = false
  }

  /** This block was taken back. */
  reverted(blockNumber: number): void {
    this.#hadReorg = true
    for (const watched of this.#ended.values())
      if (watched.blockNumber >= blockNumber) watched.isShaken = true
  }

  /**
   * Asks again where there is reason to; returns the transactions that are open
   * again. What the node does not tell is asked the next time.
   *
   * @throws StoreInvalidError
   */
  async recheck(head: number): Promise<readonly PendingTransaction[]> {
    const { onFault } = this.#parts
    const reopened: PendingTransaction[] = []
    const due = this.#due(head)
    const questions = this.#ask(due)
    let done = 0
    try {
      for (const [i, watched] of due.entries()) {
        const open = await this.#recheckOne(watched, questions[i], head)
        if (open) reopened.push(open)
        else if (this.#isFinal(watched, head)) this.#forget(watched)
        done += 1
      }
      await this.#takeCorrected(head)
    } catch (error) {
      for (const watched of due.slice(done)) watched.isShaken = true
      if (!(error instanceof RpcError)) throw error
      onFault(error)
    }
    return reopened
  }

  /** Watches what an earlier run saw mined. */
  #takeUp(mined: MinedTransaction, isOwed: boolean): void {
    this.#ended.set(mined.pending.terms.id, {
      ...mined,
      blockHash: undefined,
      isShaken: true,
      isAhead: false,
      isOwed,
    })
  }

  /** Asks about all of them at once: after a restart there may be many. */
  #ask(due: readonly Watched[]): readonly Question[] {
    const outcomes = this.#parts.execution.outcomes()
    return due.map((watched) => {
      // Before it is asked: another reorg may come meanwhile.
      watched.isShaken = false
      // A nonce that was given back may be another's: see noteReorg.
      if (watched.kind === 'dropped') return undefined
      const question = outcomes.read(watched.pending, 0)
      // A fault is told where it is awaited.
      question.catch(() => {})
      return question
    })
  }

  /** By rising nonces: an end may free a nonce for another transaction of it. */
  #due(head: number): readonly Watched[] {
    return [...this.#ended.values()]
      .filter(
        (watched) =>
          watched.isShaken ||
          (watched.isAhead && head >= watched.blockNumber) ||
          this.#isFinal(watched, head),
      )
      .sort((a, b) => a.pending.nonce - b.pending.nonce)
  }

  async #recheckOne(
    watched: Watched,
    question: Question,
    head: number,
  ): Promise<PendingTransaction | undefined> {
    if (!question) return undefined
    const { pending } = watched
    const outcome = await this.#parts.execution.recheck(pending, question)
    watched.isAhead = outcome !== undefined && isAhead(outcome, head)
    const told = this.#parts.told.get(pending.terms.id)
    if (outcome && !watched.isOwed && isSame(watched, told?.outcome, outcome))
      return undefined
    await this.#takeBack(watched)
    if (!outcome) return pending
    await this.#note(pending, outcome, head)
    return undefined
  }

  async #takeCorrected(head: number): Promise<void> {
    const { execution } = this.#parts
    if (this.#hadReorg) {
      this.#hadReorg = false
      await execution.noteReorg().catch((error) => {
        this.#hadReorg = true
        throw error
      })
    }
    for (const { pending, outcome } of execution.takeCorrected()) {
      const watched = this.#ended.get(pending.terms.id)
      if (watched) await this.#takeBack(watched)
      await this.#note(pending, outcome, head)
    }
  }

  async #takeBack(watched: Watched): Promise<void> {
    const { risk, told, onReopened } = this.#parts
    const { id } = watched.pending.terms
    const ended = told.get(id)
    this.#forget(watched)
    await risk.reopen(id)
    if (ended) onReopened(ended)
  }

  #forget({ pending }: Watched): void {
    this.#ended.delete(pending.terms.id)
    this.#parts.told.delete(pending.terms.id)
  }

  async #note(
    pending: PendingTransaction,
    outcome: Outcome,
    head: number,
  ): Promise<void> {
    const { risk, onOutcome } = this.#parts
    await risk.note({ ...outcome, plan: { id: pending.terms.id } })
    onOutcome(pending, outcome)
    this.add({ pending, outcome }, head)
    this.noteTold({ pending, outcome, miss: undefined })
  }

  #isFinal({ blockNumber }: Watched, head: number): boolean {
    return head - blockNumber >= this.#parts.finalityBlocks
  }
}

type Watched = {
  readonly pending: PendingTransaction
  readonly kind: Outcome['kind']
  /** The first block whose loss may change the end. */
  readonly blockNumber: number
  /** Of the block it was mined in, where the node told that in this run. */
  readonly blockHash: Hex | undefined
  /** A reorg may have changed the end. */
  isShaken: boolean
  /** It was mined in a block that we had not followed the chain to: of which branch, is not known. */
  isAhead: boolean
  /** Risk was not told of the end. */
  readonly isOwed: boolean
}

/** What the chain says of one that was mined; undefined where it was not. */
type Question = Promise<Outcome | undefined> | undefined

function isAhead(outcome: Outcome, head: number): boolean {
  return outcome.kind !== 'dropped' && outcome.blockNumber > head
}

function blockOf(
  { terms }: PendingTransaction,
  outcome: Outcome,
  head: number,
): number {
  if (outcome.kind !== 'dropped') return outcome.blockNumber
  // Where its time alone has ended it, no last block is named.
  return Math.min(terms.lastBlock, head)
}

/** Of an earlier run's end only kind and block are known. */
function isSame(
  { kind, blockNumber }: Watched,
  before: Outcome | undefined,
  now: Outcome,
): boolean {
  if (now.kind === 'dropped' || now.kind !== kind) return false
  if (now.blockNumber !== blockNumber) return false
  if (!before) return true
  return (
    // The ledger may know better than what was told: a fault came between.
    before.kind !== 'dropped' &&
    now.txHash === before.txHash &&
    now.blockTimestamp === before.blockTimestamp &&
    now.real.netProfit === before.real.netProfit
  )
}
