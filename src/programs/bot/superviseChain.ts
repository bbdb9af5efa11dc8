import { Worker } from 'node:worker_threads'
import type { Hex } from '../../core/hex.ts'
import type { ExecutionStore } from '../../market/executionStore.ts'
import {
  backoffAfter,
  firstBackoffMs,
  longestBackoffMs,
  pause,
} from './backoff.ts'
import { ChainTally } from './chainTally.ts'
import { inWords } from './inWords.ts'
import { ledgerOfChain } from './ledgerOfChain.ts'
import type { BotObserver, ChainSummary } from './options.ts'
import {
  aliveMs,
  type FromWorker,
  type ToWorker,
  type WorkerEnding,
  type WorkerStart,
} from './workerMessages.ts'

/** What a chain is watched over with. */
export type SuperviseParts = {
  readonly store: Pick<ExecutionStore, 'unfinished'>
  readonly observer: BotObserver
  readonly signal: AbortSignal
  /** Asked where a keystore's password is not configured. */
  readonly askPassword: (() => Promise<string>) | undefined
}

/** A worker that does not end so long after it was asked to is ended: above what it waits for its transactions. */
const stopMs = 20_000
/** Signs of life that a worker may miss in a row: far more than its longest work without a pause takes. */
const mostMissed = 6

/**
 * Trades on one chain in a worker thread with an engine and nodes of its own.
 * A worker that dies, or that hangs and is ended, is followed by another after
 * a growing wait; whatever happens in it, the other chains do not notice.
 *
 * @throws StoreInvalidError, and what an observer throws.
 */
export async function superviseChain(
  start: WorkerStart,
  parts: SuperviseParts,
): Promise<ChainSummary> {
  return await new SupervisedChain(start, parts).untilEnded()
}

class SupervisedChain {
  /** Over all its workers. */
  readonly #tally = new ChainTally()
  readonly #start: WorkerStart
  readonly #parts: SuperviseParts
  #operator: Hex | undefined
  /** Asked once, whichever worker wants it. */
  #password: Promise<string> | undefined

  constructor(start: WorkerStart, parts: SuperviseParts) {
    this.#start = start
    this.#parts = parts
  }

  get #name(): string {
    return this.#start.section.name
  }

  async untilEnded(): Promise<ChainSummary> {
    const { signal } = this.#parts
    const { section, isLive } = this.#start
    let ending: WorkerEnding | undefined
    for (let deaths = 0; !signal.aborted; deaths++) {
      const bornAt = performance.now()
      ending = await this.#live()
      if (ending || signal.aborted) break
      if (performance.now() - bornAt > longestBackoffMs) deaths = 0
      await this.#waitAfter(deaths)
    }
    const { open, endedBy } = ending ?? {
      open: await this.#openInLedger(),
      endedBy: undefined,
    }
    if (endedBy !== undefined) this.#fault(endedBy)
    const {
      name: chain,
      chain: { chainId },
    } = section
    return this.#tally.summary({ chain, chainId, isLive, open, endedBy })
  }

  /** One worker's life; undefined where it died. */
  async #live(): Promise<WorkerEnding | undefined> {
    const { signal } = this.#parts
    const worker = new Worker(workerUrl())
    const send = (message: ToWorker): void => worker.postMessage(message)
    let ending: WorkerEnding | undefined
    let fault: string | undefined
    let ofObserver: { readonly error: unknown } | undefined
    let giveUp: NodeJS.Timeout | undefined
    let missed = 0
    // Counted, not timed: while this thread is held up, no sign can be heard.
    const pulse = setInterval(() => {
      missed += 1
      if (missed <= mostMissed) return
      fault = `its worker hung: it was ended after ${(mostMissed * aliveMs) / 1000} s of silence`
      void worker.terminate()
    }, aliveMs)
    const stop = (): void => {
      send({ kind: 'stop' })
      giveUp = setTimeout(() => void worker.terminate(), stopMs)
    }
    worker.on('message', (message: FromWorker) => {
      missed = 0
      try {
        if (message.kind !== 'ended') return this.#hear(message, send)
        ending = message
      } catch (error) {
        ofObserver = { error }
      }
      void worker.terminate()
    })
    worker.on('error', (error) => {
      fault = `its worker died: ${inWords(error)}`
    })
    const exited = new Promise<number>((resolve) => worker.on('exit', resolve))
    send({ kind: 'start', ...this.#start })
    signal.addEventListener('abort', stop)
    const exitCode = await exited
    signal.removeEventListener('abort', stop)
    clearTimeout(giveUp)
    clearInterval(pulse)
    if (ofObserver) throw ofObserver.error
    if (!ending)
      this.#fault(fault ?? `its worker ended with exit code ${exitCode}`)
    return ending
  }

  #hear(
    message: Exclude<FromWorker, { kind: 'ended' }>,
    send: (message: ToWorker) => void,
  ): void {
    const { observer } = this.#parts
    const { name } = this.#start.section
    switch (message.kind) {
      case 'alive':
        break
      case 'opened':
        this.#operator = message.operator
        break
      case 'block':
        this.#tally.block(message.report)
        observer.onBlock?.(message.report)
        break
      case 'outcome':
        this.#hearOutcome(message)
        break
      case 'reopened':
        this.#tally.reopen(message.ended)
        observer.onReopened?.(name, message.ended)
        break
      case 'fault':
        this.#fault(message.message)
        break
      case 'notice':
        observer.onNotice?.(this.#name, message.message)
        break
      case 'restart':
        this.#restart(message.waitMs)
        break
      case 'password-wanted':
        void this.#answerPassword(send)
    }
  }

  #hearOutcome({
    outcome,
    pending,
    miss,
  }: FromWorker & { readonly kind: 'outcome' }): void {
    this.#tally.end(pending, outcome, miss)
    this.#parts.observer.onOutcome?.(this.#name, outcome, pending, miss)
  }

  async #answerPassword(send: (message: ToWorker) => void): Promise<void> {
    const { askPassword } = this.#parts
    if (!askPassword)
      return send({ kind: 'no-password', why: 'none is configured' })
    this.#password ??= askPassword()
    try {
      send({ kind: 'password', password: await this.#password })
    } catch (error) {
      this.#password = undefined
      send({ kind: 'no-password', why: inWords(error) })
    }
  }

  async #waitAfter(deaths: number): Promise<void> {
    const waitMs = backoffAfter(deaths, firstBackoffMs)
    this.#restart(waitMs)
    await pause(waitMs, this.#parts.signal)
  }

  #fault(message: string): void {
    this.#tally.faults += 1
    this.#parts.observer.onFault?.(this.#name, message)
  }

  #restart(waitMs: number): void {
    this.#tally.restarts += 1
    this.#parts.observer.onRestart?.(this.#name, this.#tally.restarts, waitMs)
  }

  /** What a worker that died has left in flight. */
  async #openInLedger(): Promise<number> {
    if (this.#operator === undefined) return 0
    const { section, isLive } = this.#start
    const ledger = ledgerOfChain(section.chain.chainId, isLive)
    return (await this.#parts.store.unfinished(ledger, this.#operator)).length
  }
}

/** In the source beside this file; in the build, where chunks lie anywhere, the package says where. */
function workerUrl(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./chainWorker.ts', import.meta.url)
    : new URL(import.meta.resolve('#chain-worker'))
}
