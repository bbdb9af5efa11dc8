import { RpcError } from '../../../core/rpcError.ts'
import type { HttpPost } from '../../httpPost.ts'
import {
  createJsonRpcHttp,
  type RpcCall,
  type RpcOutcome,
} from '../../jsonRpcHttp.ts'
import { type Clock, sleep } from './clock.ts'
import { createLatencies } from './latencies.ts'
import { isLimit, isPassing } from './methods.ts'
import { readQuantity } from './readHeader.ts'
import { createTokenBucket, type RateLimit } from './tokenBucket.ts'

/** How the pool sees one of its nodes. Never holds the URL. */
export type RpcHealth = {
  /** From 0, in the order the URLs were given. */
  readonly index: number
  readonly host: string
  /** `unchecked` before its chain id is known, `resting` after faults in a row, `wrongChain` when taken out. */
  readonly state: 'unchecked' | 'ready' | 'resting' | 'wrongChain'
  /** Chain id the node answered. */
  readonly chainId: number | undefined
  /** Newest block at the last look; its number, and how many the best node was ahead. */
  readonly head: number | undefined
  readonly headLag: number
  /** Exponentially weighted, 0 to 1: answers that were lost, none, or turned away. */
  readonly errorRate: number
  /** Exponentially weighted. */
  readonly latencyMs: number | undefined
  readonly inFlight: number
  /** Calls sent so far, hedges and retries counted. */
  readonly calls: number
}

/** One URL of a pool. */
export type PoolNode = {
  readonly health: RpcHealth
  /** Milliseconds until a call could go out. */
  readonly waitMs: number
  latencyPercentile(share: number): number | undefined
  /**
   * Sends once, a read perhaps in a batch with others; checks the chain id
   * first. The signal says that the answer is not wanted any more. Never rejects.
   */
  send(
    call: RpcCall,
    isRead: boolean,
    signal?: AbortSignal,
  ): Promise<RpcOutcome>
  /** Looks at the chain id again where `recheckMs` went by: what was wrong may be right now, and the other way round. */
  recheck(): Promise<void>
  sawHead(head: number, lag: number): void
}

export type PoolNodeOptions = {
  readonly url: URL
  readonly index: number
  readonly chainId: number
  readonly rateLimit?: RateLimit
  readonly timeoutMs: number
  /** Calls made within so many milliseconds share a request; 0: those of one turn of the event loop. */
  readonly batchWindowMs: number
  readonly batchSize: number
  readonly recheckMs: number
  readonly post: HttpPost | undefined
  readonly clock: Clock
}

const errorWeight = 0.1
const faultsBeforeRest = 3
const firstRestMs = 250
const longestRestMs = 15_000
/** A node may ask for more; the pool does not wait longer. */
const longestPauseMs = 10_000
/** A transaction is worth sending only at once: it waits no longer than this. */
const longestWriteWaitMs = 1_000

/** Answers after which a batch that was refused is tried larger by one: twice so many, and twice that after each further refusal. */
const leastPatience = 128
const longestPatience = 65_536

type Waiting = {
  readonly call: RpcCall
  readonly signal: AbortSignal | undefined
  readonly done: (outcome: RpcOutcome) => void
}

export function createPoolNode(options: PoolNodeOptions): PoolNode {
  const { url, index, clock, batchWindowMs } = options
  const { timeoutMs, post } = options
  const http = createJsonRpcHttp(url, timeoutMs, { ...(post && { post }) })
  const bucket = createTokenBucket(options.rateLimit)
  const latencies = createLatencies()
  let batchSize = options.batchSize
  /** The largest batch that was answered. */
  let provenSize = 0
  let patience = leastPatience
  let answersUntilGrowth = patience
  let waiting: Waiting[] = []
  let flushComes = false
  let actualChain: number | undefined
  let checking: Promise<RpcOutcome | undefined> | undefined
  let recheckAt = 0
  let restsUntil = 0
  let faultsInARow = 0
  let errorRate = 0
  let inFlight = 0
  let calls = 0
  let head: number | undefined
  let headLag = 0

  const isWrongChain = (): boolean =>
    actualChain !== undefined && actualChain !== options.chainId

  function state(): RpcHealth['state'] {
    if (isWrongChain()) return 'wrongChain'
    if (actualChain === undefined) return 'unchecked'
    return restsUntil > clock.now() ? 'resting' : 'ready'
  }

  /** Undefined where the chain is right; what stands in the way otherwise. */
  function checkChain(): Promise<RpcOutcome | undefined> {
    checking ??= (async () => {
      const call = { method: 'eth_chainId', params: [] }
      const [outcome] = await transmit([call])
      checking = undefined
      if (outcome?.kind !== 'result')
        return outcome && { ...outcome, kind: 'unsent' as const }
      const answered = readQuantity(outcome.result)
      if (answered === undefined) return unsent(call, 'no chain id')
      actualChain = answered
      recheckAt = clock.now() + options.recheckMs
      return isWrongChain() ? unsent(call, 'another chain') : undefined
    })()
    return checking
  }

  /** One request, its time and its faults noted. */
  async function transmit(
    batch: readonly RpcCall[],
    signal?: AbortSignal,
  ): Promise<readonly RpcOutcome[]> {
    const began = clock.now()
    calls += batch.length
    inFlight += batch.length
    const outcomes = await http.send(batch, signal)
    inFlight -= batch.length
    const isGivenUp = signal?.aborted === true
    if (!isGivenUp) note(outcomes)
    const isAnswered = outcomes.some(isAnswer)
    // Given up, it would have taken longer still.
    if (isAnswered || isGivenUp) latencies.add(clock.now() - began)
    return outcomes
  }

  /** One request counts once, however many calls went with it. */
  function note(outcomes: readonly RpcOutcome[]): void {
    const faults = outcomes.filter(isFault)
    errorRate += errorWeight * (faults.length / outcomes.length - errorRate)
    const isGood = faults.length < outcomes.length
    faultsInARow = isGood ? 0 : faultsInARow + 1
    if (isGood) restsUntil = 0
    const beyond = faultsInARow - faultsBeforeRest
    const restMs = Math.min(longestRestMs, firstRestMs * 2 ** beyond)
    if (beyond >= 0) restsUntil = clock.now() + restMs
    const pauses = faults.filter(isTurnedAway).map(({ retryAfterMs }) => {
      const doubled = Math.min(5, Math.max(0, faultsInARow - 1))
      return retryAfterMs ?? firstRestMs * 2 ** doubled
    })
    if (pauses.length > 0)
      bucket.pauseUntil(
        clock.now() + Math.min(longestPauseMs, Math.max(...pauses)),
      )
  }

  async function flush(): Promise<void> {
    flushComes = false
    for (const { call, done } of waiting.filter(isUnwanted))
      done(unsent(call, 'given up'))
    waiting = waiting.filter((entry) => !isUnwanted(entry))
    const batch = waiting.slice(0, batchSize)
    waiting = waiting.slice(batchSize)
    if (waiting.length > 0) planFlush()
    if (batch.length === 0) return
    const outcomes = await transmit(
      batch.map(({ call }) => call),
      allAborted(batch.map(({ signal }) => signal)),
    )
    if (batch.length > 1 && outcomes.every(isRefusedBatch)) {
      shrinkBatch(batch.length)
      waiting.unshift(...batch)
      planFlush()
      return
    }
    const answers = outcomes.filter(isAnswer).length
    if (answers > 0) provenSize = Math.max(provenSize, batch.length)
    growBatch(answers)
    for (const [i, { done }] of batch.entries()) done(outcomes[i]!)
  }

  function shrinkBatch(refused: number): void {
    // It went out before the size was known to be too large.
    if (refused > batchSize) return
    provenSize = provenSize < refused ? provenSize : 0
    batchSize = Math.max(1, provenSize, refused >> 1)
    patience = Math.min(longestPatience, 2 * patience)
    answersUntilGrowth = patience
  }

  /** What a node refused once it may take after an upgrade, or behind another gateway. */
  function growBatch(answers: number): void {
    if (batchSize === options.batchSize) return
    answersUntilGrowth -= answers
    if (answersUntilGrowth > 0) return
    batchSize += 1
    answersUntilGrowth = patience
  }

  function planFlush(): void {
    if (waiting.length >= batchSize) {
      void flush()
      return
    }
    if (flushComes) return
    flushComes = true
    if (batchWindowMs === 0) queueMicrotask(flush)
    else clock.after(batchWindowMs, flush)
  }

  return {
    get health() {
      return {
        index,
        host: url.host,
        state: state(),
        chainId: actualChain,
        head,
        headLag,
        errorRate,
        latencyMs: latencies.mean,
        inFlight,
        calls,
      }
    },
    get waitMs() {
      const now = clock.now()
      return Math.max(bucket.waitMs(now), restsUntil - now, 0)
    },
    latencyPercentile: latencies.percentile,
    async send(call, isRead, signal) {
      if (actualChain === undefined) {
        const obstacle = await checkChain()
        if (obstacle) return obstacle
      }
      if (isWrongChain()) return unsent(call, 'another chain')
      if (!isRead && bucket.waitMs(clock.now()) > longestWriteWaitMs)
        return unsent(call, 'the node wants to be left alone')
      const waitMs = bucket.reserve(clock.now())
      if (waitMs > 0) await sleep(clock, waitMs)
      if (!isRead) return (await transmit([call]))[0]!
      return new Promise((done) => {
        waiting.push({ call, signal, done })
        planFlush()
      })
    },
    async recheck() {
      if (actualChain !== undefined && clock.now() >= recheckAt)
        await checkChain()
    },
    sawHead(number, lag) {
      head = number
      headLag = lag
    },
  }
}

type Failed = Exclude<RpcOutcome, { readonly kind: 'result' }>

function isFault(outcome: RpcOutcome): outcome is Failed {
  if (outcome.kind === 'result') return false
  return outcome.kind !== 'node' || isTurnedAway(outcome)
}

function isTurnedAway({ kind, error }: Failed): boolean {
  return kind === 'limited' || (kind === 'node' && isLimit(error))
}

/** A node that is only busy will take batches later. */
function isRefusedBatch(outcome: RpcOutcome): boolean {
  return (
    outcome.kind !== 'result' &&
    outcome.batchRefused === true &&
    !isPassing(outcome.error)
  )
}

function isAnswer({ kind }: RpcOutcome): boolean {
  return kind === 'result' || kind === 'node'
}

function isUnwanted({ signal }: Waiting): boolean {
  return signal?.aborted === true
}

/** Aborted once all are; undefined where one never is. */
function allAborted(
  signals: readonly (AbortSignal | undefined)[],
): AbortSignal | undefined {
  if (!signals.every((signal) => signal !== undefined)) return undefined
  const all = new AbortController()
  let left = signals.length
  for (const signal of signals)
    signal.addEventListener('abort', () => {
      left -= 1
      if (left === 0) all.abort()
    })
  return all.signal
}

function unsent({ method }: RpcCall, why: string): RpcOutcome {
  const error = new RpcError(`${method}: ${why}`, { method })
  return { kind: 'unsent', error }
}
