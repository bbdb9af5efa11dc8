import { ChainMismatchError } from '../../../core/chainMismatchError.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import { RpcError } from '../../../core/rpcError.ts'
import { createSeededRandom } from '../../../core/seededRandom.ts'
import type { HttpPost } from '../../httpPost.ts'
import type { RpcCall, RpcOutcome } from '../../jsonRpcHttp.ts'
import { type Clock, sleep, systemClock } from './clock.ts'
import { createHeadLook } from './headLook.ts'
import { askMajority } from './majority.ts'
import { isAbsent, isPassing, isRead } from './methods.ts'
import { createPoolNode, type PoolNode, type RpcHealth } from './poolNode.ts'
import {
  isKnown,
  isNonceUsed,
  isUntaken,
  mayGoElsewhere,
  sentHash,
} from './sending.ts'
import type { RateLimit } from './tokenBucket.ts'

/** A URL of a pool: from `parseRpcUrl`, with a limit where the node has one. */
export type RpcPoolUrl = { readonly url: URL; readonly rateLimit?: RateLimit }

/** How a pool asks; every time in milliseconds. */
export type RpcPoolOptions = {
  readonly urls: readonly (URL | RpcPoolUrl)[]
  /** A URL that answers another one is taken out. */
  readonly chainId: number
  /** For one HTTP request; 10,000 where left out. */
  readonly timeoutMs?: number
  /** Tries of a read over all URLs; 6 where left out. */
  readonly attempts?: number
  /** First wait before a URL is asked again, doubled each time, less a random part; 50 where left out. */
  readonly backoffMs?: number
  /** A read slower than this share of its node's answers is asked of a second one; 0.95 where left out, 1 for never. */
  readonly hedgePercentile?: number
  /** Calls made within this time share an HTTP request; 0 where left out: those of one turn of the event loop. */
  readonly batchWindowMs?: number
  /** Calls in one HTTP request at most; 16 where left out, 1 for no batches. */
  readonly batchSize?: number
  /** Blocks behind the best before a node is asked only where no other can be; 3 where left out. */
  readonly maxHeadLag?: number
  /** Between looks at every URL's head; 5,000 where left out. An idle pool asks nothing. */
  readonly headLookMs?: number
  /** Before a URL's chain id is looked at again; 10,000 where left out. */
  readonly recheckMs?: number
  /** Of the random parts; 1 where left out. */
  readonly seed?: number
  /** How requests are posted; by the platform's fetch where left out. */
  readonly post?: HttpPost
  readonly clock?: Clock
}

/** Several nodes of one chain behind one {@link Rpc}. */
export type RpcPool = Rpc & {
  /** One a URL, in their order. */
  health(): readonly RpcHealth[]
  /** Checks every URL's chain id and looks at its head now. */
  look(): Promise<readonly RpcHealth[]>
}

const leastHedgeMs = 5
/** Hedges saved up at most; each read earns a tenth of one, so they add a tenth to the load. */
const mostHedges = 10
const hedgesPerRead = 0.1
/** The slower of two reads is given up after so long: that ends its connection, which a late answer would keep. */
const graceMs = 100
/** Each so many reads one goes to the node asked least: a slow one may have become fast. */
const readsPerTrial = 20
const longestBackoffMs = 5_000
/** In units of a cost in milliseconds: above any wait. */
const laggingCost = 1e6
const triedCost = 1e8

/**
 * Asks the node that likely answers first and well; another where it fails, and
 * a second one where it is slow. Reads are tried again; whatever may change
 * something goes out once: only where a node surely got nothing (the connection
 * never stood) the next is asked. A signed transaction goes on to the next node
 * where one turns it away, each is asked once; where its answer is lost it stays
 * there: sent again later, it would trade late. The newest block's number is
 * asked of all nodes, and is the highest that more than half of them tell.
 *
 * @throws ChainMismatchError (at a request) where every URL is of another chain.
 * @throws RpcError what a node says of the question, or the last fault;
 * `facts.notTaken` of a transaction that surely no node has.
 * @example
 * const urls = [parseRpcUrl('https://a.example/KEY')!, parseRpcUrl('https://b.example')!]
 * const rpc = createRpcPool({ urls, chainId: 1 })
 * await rpc.request('eth_blockNumber')
 */
export function createRpcPool(options: RpcPoolOptions): RpcPool {
  const { chainId, clock = systemClock, attempts = 6, backoffMs = 50 } = options
  const { hedgePercentile = 0.95, maxHeadLag = 3 } = options
  const random = createSeededRandom(options.seed ?? 1)
  const nodes = options.urls.map((entry, index) =>
    createPoolNode({
      ...(entry instanceof URL ? { url: entry } : entry),
      index,
      chainId,
      timeoutMs: options.timeoutMs ?? 10_000,
      batchWindowMs: options.batchWindowMs ?? 0,
      batchSize: options.batchSize ?? 16,
      recheckMs: options.recheckMs ?? 10_000,
      post: options.post,
      clock,
    }),
  )
  if (nodes.length === 0) throw new RangeError('a pool needs a URL')
  const heads = createHeadLook(nodes, clock, options.headLookMs ?? 5_000)
  let hedges = mostHedges
  let reads = 0

  return {
    async request(method, params = []) {
      void heads.lookWhereDue()
      const call = { method, params }
      if (method === 'eth_blockNumber') return newestBlock(call)
      if (isRead(method)) return read(call)
      const hash = sentHash(call)
      return hash === undefined ? once(call) : sent(call, hash)
    },
    health: () => nodes.map(({ health }) => health),
    async look() {
      await heads.look()
      return nodes.map(({ health }) => health)
    },
  }

  async function read(call: RpcCall): Promise<unknown> {
    const tried = new Set<PoolNode>()
    let absentTold = 0
    let fault: { error: RpcError; node: PoolNode } | undefined
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const node = (attempt === 0 && onTrial()) || (await best(tried))
      if (attempt > 0 && tried.has(node)) await sleep(clock, backoff(attempt))
      const { outcome, by } = await hedged(call, node, tried)
      if (outcome.kind === 'result') {
        if (!isAbsent(call.method, outcome.result)) return outcome.result
        absentTold += 1
        // One more opinion, where another node may have one.
        if (absentTold > 1 || usable().every((other) => tried.has(other)))
          return outcome.result
      } else {
        if (outcome.kind === 'node' && !isPassing(outcome.error))
          throw outcome.error
        fault = { error: outcome.error, node: by }
        if (absentTold > 0) return null
      }
    }
    if (!fault) return null
    // A node may have been found to be of another chain meanwhile.
    await best(tried)
    throw told(fault.error, fault.node)
  }

  /** The highest of what most nodes say: any one of them may lag. */
  async function newestBlock(call: RpcCall): Promise<Hex> {
    const answers = new Map<PoolNode, number>()
    for (let attempt = 1; ; attempt += 1) {
      const { highest, fault } = await askMajority(
        awake(),
        call,
        answers,
        clock,
      )
      if (highest !== undefined) return `0x${highest.toString(16)}`
      // A node may have been found to be of another chain.
      const node = await best(new Set())
      if (attempt === attempts)
        throw fault
          ? told(fault.error, fault.node)
          : told(new RpcError(`${call.method}: no number`, call), node)
      await sleep(clock, backoff(attempt))
    }
  }

  /** Those that have not failed in a row just now; all where all have. */
  function awake(): readonly PoolNode[] {
    const ready = usable().filter(({ health }) => health.state !== 'resting')
    return ready.length > 0 ? ready : usable()
  }

  async function once(call: RpcCall): Promise<unknown> {
    const tried = new Set<PoolNode>()
    for (;;) {
      const node = await best(tried)
      tried.add(node)
      const outcome = await node.send(call, false)
      if (outcome.kind === 'result') return outcome.result
      if (outcome.kind === 'node') throw outcome.error
      const isLast = usable().every((other) => tried.has(other))
      if (isLast) await best(tried)
      if (isLast || outcome.kind !== 'unsent') throw told(outcome.error, node)
    }
  }

  /** Hands a transaction to one node after the other until one has it. */
  async function sent(call: RpcCall, hash: Hex): Promise<unknown> {
    const tried = new Set<PoolNode>()
    let isTakenByNone = true
    for (;;) {
      const node = await best(tried)
      tried.add(node)
      const outcome = await node.send(call, false)
      if (outcome.kind === 'result') return outcome.result
      if (isKnown(outcome)) return hash
      if (isNonceUsed(outcome) && (await isOnChain(hash))) return hash
      isTakenByNone &&= isUntaken(outcome)
      const isLast = usable().every((other) => tried.has(other))
      if (isLast) await best(tried)
      if (isLast || !mayGoElsewhere(outcome))
        throw told(outcome.error, node, isTakenByNone)
    }
  }

  async function isOnChain(hash: Hex): Promise<boolean> {
    const method = 'eth_getTransactionByHash'
    return (await read({ method, params: [hash] })) !== null
  }

  /** Asks a second node where the first is slow; the first good answer of the two. */
  function hedged(
    call: RpcCall,
    node: PoolNode,
    tried: Set<PoolNode>,
  ): Promise<{ outcome: RpcOutcome; by: PoolNode }> {
    tried.add(node)
    hedges = Math.min(mostHedges, hedges + hedgesPerRead)
    const percentile =
      hedgePercentile < 1 ? node.latencyPercentile(hedgePercentile) : undefined
    const answered = new AbortController()
    return new Promise((done) => {
      let open = 0
      const ask = async (by: PoolNode): Promise<void> => {
        open += 1
        const outcome = await by.send(call, true, answered.signal)
        open -= 1
        if (outcome.kind !== 'result' && open > 0) return
        callOff()
        done({ outcome, by })
        if (open > 0) clock.after(graceMs, () => answered.abort())
      }
      const callOff =
        percentile === undefined
          ? () => {}
          : clock.after(Math.max(leastHedgeMs, percentile), () => {
              const second = cheapest(
                usable().filter((other) => isFresh(other) && !tried.has(other)),
                tried,
              )
              if (!second || hedges < 1) return
              hedges -= 1
              tried.add(second)
              void ask(second)
            })
      void ask(node)
    })
  }

  function usable(): readonly PoolNode[] {
    return nodes.filter(({ health }) => health.state !== 'wrongChain')
  }

  function isFresh({ health, waitMs }: PoolNode): boolean {
    return health.headLag <= maxHeadLag && waitMs === 0
  }

  function onTrial(): PoolNode | undefined {
    reads += 1
    if (reads % readsPerTrial > 0) return undefined
    return usable()
      .filter(isFresh)
      .toSorted((a, b) => a.health.calls - b.health.calls)[0]
  }

  async function best(tried: ReadonlySet<PoolNode>): Promise<PoolNode> {
    if (usable().length === 0)
      await Promise.all(nodes.map((node) => node.recheck()))
    const node = cheapest(usable(), tried)
    if (!node)
      throw new ChainMismatchError(chainId, nodes[0]?.health.chainId ?? 0)
    return node
  }

  function cheapest(
    among: readonly PoolNode[],
    tried: ReadonlySet<PoolNode>,
  ): PoolNode | undefined {
    let found: PoolNode | undefined
    let least = Number.POSITIVE_INFINITY
    for (const node of among) {
      const cost = costMs(node) + (tried.has(node) ? triedCost : 0)
      if (cost >= least) continue
      least = cost
      found = node
    }
    return found
  }

  /** How long an answer will likely take; a random part spreads the load over equals. */
  function costMs({ health, waitMs }: PoolNode): number {
    const { latencyMs = 0, inFlight, errorRate, headLag } = health
    const answerMs = (latencyMs + 1) * (1 + inFlight / 4) * (1 + 10 * errorRate)
    const spread = 0.75 + random.next() / 2
    return waitMs + answerMs * spread + (headLag > maxHeadLag ? laggingCost : 0)
  }

  /** Full jitter: those who failed together do not come back together. */
  function backoff(attempt: number): number {
    const most = Math.min(longestBackoffMs, backoffMs * 2 ** (attempt - 1))
    return most * random.next()
  }

  function told(
    { message, facts, data }: RpcError,
    node: PoolNode,
    notTaken = false,
  ): RpcError {
    const { method, rpcCode } = facts
    const where =
      nodes.length > 1
        ? ` (RPC ${node.health.index + 1} of ${nodes.length})`
        : ''
    return new RpcError(`${message}${where}`, {
      method: String(method),
      ...(typeof rpcCode === 'number' && { rpcCode }),
      ...(data !== undefined && { data }),
      ...(notTaken && { notTaken }),
    })
  }
}
