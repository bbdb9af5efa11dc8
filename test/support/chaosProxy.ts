import type { Rpc } from '../../src/core/rpc.ts'
import { createSeededRandom } from '../../src/core/seededRandom.ts'
import { everyFault, serveFaulty } from './faultyNode.ts'
import { faults as lies, lyingRpc } from './lyingRpc.ts'
import { serveWebSocketProxy } from './webSocketProxy.ts'

/** Stands before a node, HTTP and WebSocket, and does all the harm that networks and public nodes do. */
export type ChaosProxy = {
  readonly http: URL
  readonly webSocket: URL
  /** Share of the calls, and of what is pushed, that goes wrong; 0 at first. */
  share: number
  /** Calls that came by HTTP, and how many of them went wrong. */
  readonly calls: number
  readonly harmed: number
  /** How often each harm was done. */
  readonly done: Readonly<Record<string, number>>
  /** Whom it stands for; a node of another chain, perhaps. */
  node: Rpc
  /** The WebSocket says nothing while set. */
  isDeaf: boolean
  close(): void
}

/** Harms to what a WebSocket says: a push may also be of the past, and the chain's id another. */
const saidHarms = [
  'dropped',
  'twice',
  'late',
  'cut',
  'silent',
  'cutOff',
] as const
const ways = lies.filter((lie) => lie !== 'error')
/** All that may be done; `wrongChain` by HTTP and by WebSocket. */
export const everyHarm: readonly string[] = [
  ...everyFault,
  ...ways,
  ...saidHarms,
  'past',
]
/** Of the share: together a little more than the whole, for not every question can be lied to. */
const shareOnTheWay = 0.6
const shareOfLies = 0.6
/** So much of it goes wrong whatever chance says: calls of one request share their luck. */
const leastOfShare = 0.9
/** Heads that a push of the past may lie back. */
const mostStale = 20

/**
 * Who lies about the newest block's number: of several proxies one at a time,
 * for no bot can know better than most of its nodes.
 */
class HeadLiar {
  #proxy = 0
  #until = 0

  /** Takes the turn of this proxy, where it is free. */
  isTurnOf(proxy: number): boolean {
    const now = performance.now()
    if (this.#proxy !== proxy && now < this.#until) return false
    this.#proxy = proxy
    this.#until = now + liarsTurnMs
    return true
  }
}

/** Longer than one question goes round. */
const liarsTurnMs = 1_000

/** Several proxies before one node. @param port where it listens on this machine. */
export function serveChaos(
  node: Rpc,
  port: number,
  count: number,
): Promise<ChaosProxy[]> {
  const liar = new HeadLiar()
  const seeds = Array.from({ length: count }, (_, i) => i + 1)
  return Promise.all(
    seeds.map((seed) =>
      serveOne(
        node,
        port,
        seed,
        (method) => method !== 'eth_blockNumber' || liar.isTurnOf(seed),
      ),
    ),
  )
}

async function serveOne(
  node: Rpc,
  port: number,
  seed: number,
  mayLie: (method: string) => boolean,
): Promise<ChaosProxy> {
  const random = createSeededRandom(seed)
  const pick = <T>(of: readonly T[]): T =>
    of[Math.floor(random.next() * of.length)]!
  let calls = 0
  let harmed = 0
  let share = 0
  /** When the share was last set. */
  let counted = { calls: 0, harmed: 0 }
  const done: Record<string, number> = {}
  /** Little is said: by chance alone a short run would not see every harm. */
  const leastDone = <T extends string>(harms: readonly T[]): readonly T[] => {
    const least = Math.min(...harms.map((harm) => done[harm] ?? 0))
    return harms.filter((harm) => (done[harm] ?? 0) === least)
  }
  const lying = lyingRpc(
    { request: (method, params) => proxy.node.request(method, params) },
    random,
    ways,
    mayLie,
  )
  const web = await serveFaulty(lying)
  web.fault = (methods) => {
    calls += methods.length
    const least = leastOfShare * share * (calls - counted.calls)
    const isBehind = proxy.harmed - counted.harmed < least
    const isHarmed = isBehind || random.next() < share * shareOnTheWay
    // What does not arrive needs no lies.
    lying.share = isHarmed ? 0 : share * shareOfLies
    if (!isHarmed) return undefined
    const fault = pick(everyFault)
    done[fault] = (done[fault] ?? 0) + 1
    harmed += methods.length
    return fault
  }

  const socket = await serveWebSocketProxy(port)
  const pushes: string[] = []
  let late: string[] = []
  /** Number of the connection that has fallen silent. */
  let silent = 0
  socket.spoil = (text) => {
    if (proxy.isDeaf || silent === socket.openings.length) return []
    const { id, params } = JSON.parse(text)
    const held = late
    late = []
    if (params) pushes.push(text)
    if (random.next() >= share) return [text, ...held]
    const harm = pick(
      leastDone([
        ...saidHarms,
        ...(params ? (['past'] as const) : []),
        ...(id === 1 ? (['wrongChain'] as const) : []),
      ]),
    )
    done[harm] = (done[harm] ?? 0) + 1
    switch (harm) {
      case 'dropped':
        return held
      case 'twice':
        return [text, ...held, text]
      case 'late':
        late = [text]
        return held
      case 'cut':
        return [text.slice(0, text.length >> 1)]
      case 'silent':
        silent = socket.openings.length
        return []
      case 'cutOff':
        socket.reset()
        return []
      case 'past': {
        const { result } = JSON.parse(pick(pushes.slice(-mostStale))).params
        const push = JSON.parse(text)
        return [
          JSON.stringify({ ...push, params: { ...params, result } }),
          text,
        ]
      }
      case 'wrongChain':
        return [JSON.stringify({ id, result: '0x1' })]
    }
  }

  const proxy: ChaosProxy = {
    http: new URL(`http://127.0.0.1:${web.port}`),
    webSocket: new URL(`ws://127.0.0.1:${socket.port}`),
    get share() {
      return share
    },
    set share(next) {
      share = next
      counted = { calls: proxy.calls, harmed: proxy.harmed }
      lying.due = new Set(ways)
    },
    node,
    isDeaf: false,
    get calls() {
      return calls
    },
    get harmed() {
      return Object.values(lying.done).reduce((sum, n) => sum + n, harmed)
    },
    get done() {
      const { error, ...told } = lying.done
      return { ...done, ...told }
    },
    close() {
      web.close()
      socket.close()
    },
  }
  return proxy
}
