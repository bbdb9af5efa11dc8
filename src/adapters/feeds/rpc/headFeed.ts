import type {
  BlockHeader,
  HeadFeed,
  HeadFeedState,
  HeadListener,
} from '../../../core/headFeed.ts'
import type { Rpc } from '../../../core/rpc.ts'
import { RpcError } from '../../../core/rpcError.ts'
import { createSeededRandom } from '../../../core/seededRandom.ts'
import { type Clock, systemClock } from './clock.ts'
import { createHeadChain } from './headChain.ts'
import {
  type HeadSocket,
  type LogFilter,
  openHeadSocket,
} from './headSocket.ts'
import { readHeader } from './readHeader.ts'

/** How a feed hears of heads; every time in milliseconds. */
export type HeadFeedOptions = {
  /** From `parseWebSocketUrl`, the first is opened first; polls where there is none. */
  readonly webSocketUrls?: readonly URL[]
  /** Fills gaps, and is polled while the WebSocket is down; better a pool. */
  readonly rpc: Rpc
  /** A WebSocket of another chain is not listened to. */
  readonly chainId: number
  /** Between two blocks of the chain, about. */
  readonly blockTimeMs: number
  /** Subscribes to these logs too. */
  readonly logs?: LogFilter
  /** A WebSocket silent for this long is given up; two block times where left out. */
  readonly silenceMs?: number
  /** Blocks a gap or reorg may have; 256 where left out. */
  readonly depth?: number
  /** Of the random part of waits; 1 where left out. */
  readonly seed?: number
  readonly clock?: Clock
}

const firstBackoffMs = 250
const longestBackoffMs = 30_000
const leastConnectMs = 5_000
/** While pushed heads come, the pool is asked too, rarely: a node may push the heads of a past it is stuck in. */
const silencesBetweenLooks = 4
/** Blocks that pushes may be behind what a look finds; further behind, the node lags. */
const mostLag = 3

/**
 * Tells of every block of the chain's head, in order, linked by hash: pushed
 * over a WebSocket, polled while that is down. A quiet connection is asked for
 * a sign of life after a quarter of `silenceMs`; without one, or with blocks
 * it should have pushed, it is given up within `silenceMs`, and once a look at
 * the chain finds it pushing the past. Then the next URL is opened; after all
 * have failed in a row, with a growing, random wait.
 *
 * @example
 * const feed = createHeadFeed({ webSocketUrls, rpc, chainId: 1, blockTimeMs: 12_000 })
 * feed.start({ onHeads: ({ headers }) => console.log(headers.at(-1)) })
 */
export function createHeadFeed(options: HeadFeedOptions): HeadFeed {
  const { rpc, blockTimeMs, clock = systemClock } = options
  const urls = options.webSocketUrls ?? []
  const silenceMs = options.silenceMs ?? 2 * blockTimeMs
  const stepMs = silenceMs / 4
  const random = createSeededRandom(options.seed ?? 1)
  const chain = createHeadChain(rpc, options.depth ?? 256)
  let listener: HeadListener | undefined
  let state: HeadFeedState = 'connecting'
  let socket: HeadSocket | undefined
  /** Which URL is open or comes next; more than there are: from the first again. */
  let turn = 0
  /** Connections in a row that brought no news. */
  let failures = 0
  let openedAt = 0
  let signAt = 0
  let lookedAt = Number.NEGATIVE_INFINITY
  /** When the node said it has a block that it did not push. */
  let owedSince: number | undefined
  /** The highest block that the node pushed. */
  let pushed: number | undefined
  let looking = false
  let tail: Promise<void> = Promise.resolve()
  const timers = new Set<() => void>()

  return {
    get state() {
      return state
    },
    start(to) {
      if (listener || state === 'closed') return
      listener = to
      connect()
      look()
      watch()
    },
    close() {
      if (state === 'closed') return
      for (const callOff of timers) callOff()
      socket?.close()
      enter('closed', 'closed')
    },
  }

  function connect(): void {
    const url = urls[turn % urls.length]
    if (!url) {
      enter('polling', 'no WebSocket is set up')
      return
    }
    openedAt = clock.now()
    owedSince = undefined
    pushed = undefined
    socket = openHeadSocket(url, options.chainId, options.logs, {
      onLive() {
        enter('live', 'the node pushes heads')
        // What came while nobody listened.
        look()
      },
      onHeader(header) {
        const { blockNumber } = header
        pushed = Math.max(pushed ?? 0, blockNumber)
        if (blockNumber >= (chain.head?.blockNumber ?? 0)) failures = 0
        owedSince = undefined
        absorb(header)
      },
      onLog: (log) => listener?.onLog?.(log),
      onPong(blockNumber) {
        const told = chain.head?.blockNumber ?? blockNumber
        if (blockNumber > told) owedSince ??= clock.now()
      },
      onSign() {
        signAt = clock.now()
      },
      onEnd: giveUp,
    })
  }

  function giveUp(error: Error): void {
    socket?.close()
    socket = undefined
    listener?.onFault?.(error)
    if (state === 'closed') return
    enter('polling', error.message)
    look()
    turn += 1
    failures += 1
    if (failures % urls.length > 0) {
      connect()
      return
    }
    const rounds = failures / urls.length - 1
    const most = Math.min(longestBackoffMs, firstBackoffMs * 2 ** rounds)
    after(most * (0.5 + random.next() / 2), connect)
  }

  /** Four times in `silenceMs`: whatever is wrong is seen by the third. */
  function watch(): void {
    after(stepMs, watch)
    const now = clock.now()
    if (state !== 'live') {
      if (socket && now - openedAt > Math.max(leastConnectMs, silenceMs))
        giveUp(faultOf('does not open'))
      if (now - lookedAt >= blockTimeMs / 2) look()
      return
    }
    if (now - lookedAt >= silencesBetweenLooks * silenceMs) look()
    const quietMs = now - signAt
    if (quietMs >= 3 * stepMs) giveUp(faultOf('is silent'))
    else if (owedSince !== undefined && now - owedSince >= stepMs)
      giveUp(faultOf('pushes no heads'))
    else if (quietMs >= stepMs) socket?.ping()
  }

  /** Asks for the newest block; one look at a time. */
  function look(): void {
    if (looking) return
    looking = true
    lookedAt = clock.now()
    void (async () => {
      try {
        const method = 'eth_getBlockByNumber'
        const header = readHeader(await rpc.request(method, ['latest', false]))
        if (!header)
          throw new RpcError(`${method}: no block in the answer`, { method })
        absorb(header)
        const { blockNumber } = header
        if (state === 'live' && blockNumber - (pushed ?? blockNumber) > mostLag)
          giveUp(faultOf('lags behind'))
      } catch (error) {
        listener?.onFault?.(error)
      } finally {
        looking = false
      }
    })()
  }

  /** One after the other, whoever brought them. */
  function absorb(header: BlockHeader): void {
    tail = tail.then(async () => {
      if (state === 'closed') return
      try {
        const heads = await chain.add(header)
        if (heads && stillOpen()) await listener?.onHeads(heads)
      } catch (error) {
        listener?.onFault?.(error)
      }
    })
  }

  function stillOpen(): boolean {
    return state !== 'closed'
  }

  function enter(next: HeadFeedState, reason: string): void {
    if (state === next) return
    state = next
    listener?.onState?.(next, reason)
  }

  function after(ms: number, run: () => void): void {
    const callOff = clock.after(ms, () => {
      timers.delete(callOff)
      run()
    })
    timers.add(callOff)
  }
}

function faultOf(what: string): RpcError {
  return new RpcError(`WebSocket: the node ${what}`, {
    method: 'eth_subscribe',
  })
}
