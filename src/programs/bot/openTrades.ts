import type { BlockPlace } from '../../adapters/feeds/sync/index.ts'
import type { Miss } from '../../adapters/relays/index.ts'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { RpcError } from '../../core/rpcError.ts'
import type {
  KeptTransaction,
  MinedTransaction,
} from '../../market/executionStore.ts'
import type { Market } from '../../market/market.ts'
import type { Outcome, PendingTransaction } from '../../market/plan.ts'
import type { OutcomeReader } from '../../services/execute/outcome.ts'
import { blame } from '../../services/risk/endOf.ts'
import { type FinalityParts, FinalityWatch } from './finalityWatch.ts'
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
  /** Those that are mined, by their hashes, until what became of them is noted. */
  readonly #mined = new Set<Hex>()
  /** The head when a transaction had been sent, by its hash. */
  readonly #sentAt = new Map<Hex, number>()
  readonly #watch: FinalityWatch
  #head: number
  /** Ends with the last settling that was asked for. */
  #settled: Promise<void> = Promise.resolve()
  /** Asked for, and not begun. */
  #queued: Settling | undefined
  /** Ends when what was settled last is told. */
  #told: Promise<void> = Promise.resolve()
  /** Blocks that were taken back since it was asked what became of them. */
  #revertedSince: number[] = []
  /** Begun for a head whose block is not acted on yet. */
  #ahead: Settling | undefined

  constructor(parts: OpenTradesParts) {
    this.#parts = parts
    this.#head = parts.market.blockNumber
    this.#watch = new FinalityWatch({
      ...parts,
      onOutcome: (pending, outcome) =>
        parts.onOutcome(pending, outcome, undefined),
    })
  }

  /** Those that may change their pools yet. */
  get all(): readonly PendingTransaction[] {
    return this.#open.filter(({ txHash }) => !this.#mined.has(txHash))
  }

  /** Whether no end that was told is in doubt. */
  get isSure(): boolean {
    return this.#watch.isSure
  }

  /**
   * Takes up what an earlier run left in flight. What never came to be signed
   * gives its room under the limits back; where the ledger knows an end that
   * risk was not told, it is told now.
   *
   * @throws RpcError, StoreInvalidError
   */
  async begin(operator: Hex): Promise<void> {
    const { execution, risk } = this.#parts
    const { store, ledger } = execution
    const { account } = await risk.status()
    const owed: MinedTransaction[] = []
    for (const { planId } of account.inFlight) {
      const kept = await store.transactionOf(ledger, planId)
      if (kept && 'blockNumber' in kept) owed.push(kept)
      else if (kept?.kind !== 'intended') await this.#bookUnmined(planId, kept)
    }
    this.#open = await store.unfinished(ledger, operator)
    const planIds = this.#open.map(({ terms }) => terms.id)
    await this.#watch.begin(operator, this.#head, owed)
    await this.settle()
    const stillOpen = this.#open.map(({ terms }) => terms.id)
    await risk.keepOnly([...planIds, ...stillOpen, ...this.#watch.owed])
  }

  /** Notes that a plan's transaction never reached a block: it was not signed, nobody took it, or its time passed. */
  async #bookUnmined(id: Hex, kept: Unmined | undefined): Promise<void> {
    const { risk, onOutcome } = this.#parts
    const plan = { id }
    if (kept?.kind !== 'dropped')
      return await risk.note({ kind: 'not-sent', plan })
    const { pending, kind, reason } = kept
    const outcome = { kind, txHash: pending.txHash, reason }
    const ended = { pending, outcome, miss: undefined }
    await risk.note({ ...outcome, plan })
    onOutcome(pending, outcome, ended.miss)
    // It may be mined yet.
    this.#watch.add(ended, this.#head)
    this.#watch.noteTold(ended)
  }

  add(pending: PendingTransaction, sentAtBlock: number): void {
    this.#open = [...this.#open, pending]
    this.#sentAt.set(pending.txHash, sentAtBlock)
  }

  /** A reorg has taken this block back. */
  reverted(blockNumber: number): void {
    this.#watch.reverted(blockNumber)
    this.#revertedSince.push(blockNumber)
    // What was asked before this was known is asked again.
    this.#ahead = undefined
  }

  /** Begins to settle for a head whose block is on its way. */
  settleAhead(): void {
    this.#ahead = this.#settle()
  }

  /** Settles for the block that was applied, if that was not begun ahead. @throws StoreInvalidError */
  settleAt(block: BlockPlace): Settling {
    this.#head = block.blockNumber
    this.#watch.applied(block)
    const settling = this.#ahead ?? this.#settle()
    this.#ahead = undefined
    return settling
  }

  /** Asks what became of each; what the node does not tell stays open. @throws StoreInvalidError */
  settle(): Promise<void> {
    return this.#settle().noted
  }

  /** Waits until all that was asked for is settled and told. @throws StoreInvalidError once, where what was known could not be noted. */
  async rest(): Promise<void> {
    await this.#settled
    const told = this.#told
    this.#told = Promise.resolve()
    await told
  }

  #settle(): Settling {
    // Heads may come faster than answers: what has not begun asks for all of them.
    if (this.#queued) return this.#queued
    const begun = Promise.withResolvers<void>()
    const noted = this.#settled.then(() => {
      this.#queued = undefined
      return this.#settleAll(begun.resolve)
    })
    const known = Promise.race([begun.promise, noted])
    // Faults are told where they are awaited.
    known.catch(() => {})
    this.#settled = noted.catch(() => {})
    this.#queued = { known, noted }
    return this.#queued
  }

  async #settleAll(onKnown: () => void): Promise<void> {
    const { execution } = this.#parts
    // What is to be taken back must have been told.
    await this.#told
    this.#revertedSince = []
    const reopened = await this.#watch.recheck(this.#head)
    this.#open = [...this.#open, ...reopened]
    const { waiting, landed, reverted } = await this.#askAll(
      execution.outcomes(),
    )
    for (const { pending } of [...landed, ...reverted])
      this.#mined.add(pending.txHash)
    const ended = await this.#note(waiting)
    onKnown()
    const told = [
      this.#tell(ended),
      this.#tell(await this.#note(landed)),
      // Why they reverted takes more questions: until then they keep their room under the limits.
      this.#note(reverted).then((ends) => this.#tell(ends)),
    ]
    this.#told = Promise.all(told).then(() => {})
    this.#told.catch(() => {})
  }

  async #askAll(outcomes: OutcomeReader): Promise<AskedByKind> {
    const asked: AskedByKind = { waiting: [], landed: [], reverted: [] }
    await Promise.all(
      this.#open.map(async (pending) => {
        const end = this.#endOf(pending, outcomes)
        end.catch(() => {})
        // A fault of it is told with the outcome.
        const kind = await outcomes.minedAs(pending).catch(() => undefined)
        asked[kind ?? 'waiting'].push({ pending, end })
      }),
    )
    return asked
  }

  /** Notes for risk what is known; the rest stays open. */
  async #note(asked: readonly Asked[]): Promise<readonly Ended[]> {
    const { risk } = this.#parts
    const ends = await Promise.all(asked.map(({ end }) => end))
    const known = ends.filter((end) => end !== undefined)
    const over = new Set(known.map(({ pending }) => pending.txHash))
    this.#open = this.#open.filter(({ txHash }) => !over.has(txHash))
    for (const { pending } of asked) this.#mined.delete(pending.txHash)
    for (const end of known) this.#watch.add(end, this.#head)
    for (const block of this.#revertedSince) this.#watch.reverted(block)
    const ended = known.map((end) => this.#explained(end))
    await risk.noteAll(
      await Promise.all(
        ended.map(
          async ({ end: { pending, outcome }, miss }) =>
            [
              { ...outcome, plan: { id: pending.terms.id } },
              isDoubtful(outcome) ? causeOf(await miss) : undefined,
            ] as const,
        ),
      ),
    )
    return ended
  }

  async #tell(ends: readonly Ended[]): Promise<void> {
    const { onOutcome } = this.#parts
    for (const { end, miss } of ends) {
      const ended = { ...end, miss: await miss }
      onOutcome(ended.pending, ended.outcome, ended.miss)
      this.#watch.noteTold(ended)
    }
  }

  #explained(end: End): Ended {
    const miss = this.#whyMissed(end)
    // A fault is told where it is awaited.
    miss.catch(() => {})
    return { end, miss }
  }

  async #endOf(
    pending: PendingTransaction,
    outcomes: OutcomeReader,
  ): Promise<End | undefined> {
    const { execution, onFault } = this.#parts
    try {
      const outcome = await execution.settle(pending, outcomes)
      return outcome && { pending, outcome }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      onFault(error)
      return undefined
    }
  }

  /** Undefined too where the node does not tell. */
  async #whyMissed({ pending, outcome }: End): Promise<Miss | undefined> {
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

/** A settling that was begun. @throws StoreInvalidError */
export type Settling = {
  /** Which pools those that are mined have left free is known. */
  readonly known: Promise<void>
  /** What landed no longer takes room under the limits. */
  readonly noted: Promise<void>
}

type Unmined = Exclude<KeptTransaction, MinedTransaction>

/** Those that are open, by what their receipts say. */
type AskedByKind = Readonly<Record<'waiting' | 'landed' | 'reverted', Asked[]>>

/** A transaction with what becomes of it: undefined where that stays open. */
type Asked = {
  readonly pending: PendingTransaction
  readonly end: Promise<End | undefined>
}

type End = {
  readonly pending: PendingTransaction
  readonly outcome: Outcome
}

/** An end, and why nothing was earned as soon as the chain has told. */
type Ended = { readonly end: End; readonly miss: Promise<Miss | undefined> }

/** Whether the executor's words leave open that somebody else is to blame. */
function isDoubtful(outcome: Outcome): boolean {
  return outcome.kind === 'reverted' && blame(outcome.revert) === 'failed'
}

/** Whose fault a revert was, where the chain shows somebody else's trade before it; otherwise the executor's words decide. */
function causeOf(miss: Miss | undefined): 'lost' | undefined {
  return miss?.kind === 'outbid' || miss?.kind === 'stale' ? 'lost' : undefined
}
