import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createHeadFeed,
  createRpcPool,
  type HeadFeedOptions,
} from '../../../../src/adapters/feeds/rpc/index.ts'
import { parseWebSocketUrl } from '../../../../src/adapters/rpc/index.ts'
import type {
  BlockHeader,
  HeadFeed,
  HeadFeedState,
  PushedLog,
} from '../../../../src/core/headFeed.ts'
import type { Hex } from '../../../../src/core/hex.ts'
import type { Rpc } from '../../../../src/core/rpc.ts'
import { type Anvil, startAnvil } from '../../../support/anvil.ts'
import { createManualClock } from '../../../support/manualClock.ts'
import { leaked } from '../../../support/secrets.ts'
import { pause, until } from '../../../support/wait.ts'
import {
  serveWebSocketProxy,
  type WebSocketProxy,
} from '../../../support/webSocketProxy.ts'

const chainId = 31337
const pathKey = 'sEcReTkEy0123456789'
const queryKey = 'qUeRyKeY9876543210'
const password = 'pAsSwOrD-of-the-node'
const login = btoa(`me:${password}`)
const secrets = [pathKey, queryKey, password, login]
/** Runtime code that logs once, without data: topic 0x2a. */
const logger: Hex = '0x00000000000000000000000000000000000a11ce'
const loggerCode: Hex = '0x602a60006000a100'

let anvil: Anvil
let proxy: WebSocketProxy
let rpc: Rpc
beforeAll(async () => {
  anvil = await startAnvil(chainId)
  proxy = await serveWebSocketProxy(anvil.port)
  const url = new URL(`http://127.0.0.1:${anvil.port}`)
  rpc = createRpcPool({ urls: [url], chainId })
  await anvil.request('anvil_setCode', [logger, loggerCode])
})
afterEach(() => {
  heard?.feed.close()
  proxy.refuses = false
  proxy.spoil = (text) => [text]
})
afterAll(async () => {
  proxy.close()
  await anvil.stop()
})

/** What a feed has told so far. */
type Heard = {
  readonly feed: HeadFeed
  readonly headers: BlockHeader[]
  readonly logs: PushedLog[]
  readonly states: HeadFeedState[]
  readonly faults: unknown[]
  /** Blocks told twice, or without their parent. */
  readonly wrong: BlockHeader[]
  /** Lists that did not follow from what was told before. */
  disconnected: number
}
let heard: Heard | undefined

describe('heads', () => {
  it('default: every block once, in order, linked, with its fields', async () => {
    const told = await listen()
    for (let n = 0; n < 5; n += 1) await anvil.mine()
    await reaches(told)
    expect(told.headers.length).toBe(6)
    expect(told.disconnected).toBe(1)
    const raw = await latest()
    expect(told.headers.at(-1)).toEqual({
      blockNumber: Number(raw.number),
      blockHash: raw.hash,
      parentHash: raw.parentHash,
      timestamp: Number(raw.timestamp),
      baseFeePerGas: BigInt(raw.baseFeePerGas),
      logsBloom: raw.logsBloom,
    })
  })

  it('behavior: told twice and in reverse, a block is still told once', async () => {
    const kept: string[] = []
    const told = await listen()
    proxy.spoil = (text) => {
      if (!text.includes('"eth_subscription"')) return [text]
      kept.push(text)
      return kept.length < 4 ? [] : kept.toReversed().flatMap((t) => [t, t])
    }
    for (let n = 0; n < 4; n += 1) await anvil.mine()
    await reaches(told)
    expect(told.headers.length).toBe(5)
    expect(told.disconnected).toBe(1)
  })

  it('behavior: reorgs of any depth kept come as a branch from the common ancestor', async () => {
    const told = await listen()
    for (const depth of [1, 2, 7, 20]) {
      for (let n = 0; n <= depth; n += 1) await anvil.mine()
      await reaches(told)
      const before = told.headers.length
      await anvil.request('anvil_reorg', [depth, []])
      await anvil.mine()
      await reaches(told)
      expect(told.headers.length - before).toBe(depth + 1)
      expect(told.disconnected).toBe(1)
    }
  })

  it('behavior: a gap longer than the depth kept is told as one', async () => {
    const told = await listen({ depth: 8 })
    proxy.spoil = (text) => (text.includes('"eth_subscription"') ? [] : [text])
    await anvil.request('anvil_mine', ['0x14'])
    await reaches(told)
    expect(told.disconnected).toBe(2)
    expect(told.headers.length).toBe(2)
  })

  it('behavior: what lies before all that is known is no head', async () => {
    await anvil.request('anvil_mine', ['0x4'])
    const told = await listen()
    const { blockNumber } = told.headers[0]!
    const tag = `0x${(blockNumber - 3).toString(16)}`
    const old = await anvil.request('eth_getBlockByNumber', [tag, false])
    proxy.spoil = (text) => {
      const push = JSON.parse(text)
      if (!push.params) return [text]
      const { subscription } = push.params
      const params = { subscription, result: old }
      return [JSON.stringify({ ...push, params }), text]
    }
    await anvil.mine()
    await reaches(told)
    expect(told.headers.map((header) => header.blockNumber)).toEqual([
      blockNumber,
      blockNumber + 1,
    ])
    expect(told.disconnected).toBe(1)
  })

  it('behavior: without a WebSocket the newest block is polled, gaps filled', async () => {
    const told = await listen({}, false)
    await anvil.request('anvil_mine', ['0x5'])
    await reaches(told)
    expect(told.headers.length).toBe(6)
    expect(told.states).toEqual(['polling'])
  })
})

describe('logs', () => {
  it('default: those of the filter, as the chain has them', async () => {
    const told = await listen({ logs: { address: [logger] } })
    const [from] = (await anvil.request('eth_accounts')) as Hex[]
    const tx = { from, to: logger, gas: '0x186a0' }
    const hash = await anvil.request('eth_sendTransaction', [tx])
    await anvil.mine()
    await until(() => told.logs.length > 0)
    await reaches(told)
    const head = told.headers.at(-1)!
    expect(told.logs).toEqual([
      {
        address: logger,
        topics: [`0x${'2a'.padStart(64, '0')}`],
        data: '0x',
        txHash: hash,
        txIndex: 0,
        logIndex: 0,
        blockNumber: head.blockNumber,
        blockHash: head.blockHash,
        removed: false,
      },
    ])
  })
})

describe('faults', () => {
  it('silent death: given up, polled meanwhile, opened anew, nothing missed', async () => {
    const told = await listen()
    proxy.spoil = () => []
    await until(() => told.states.includes('polling'))
    expect(`${told.faults[0]}`).toMatch(/WebSocket: the node is silent$/)
    await anvil.request('anvil_mine', ['0x3'])
    await reaches(told)
    proxy.spoil = (text) => [text]
    // Else the next try, begun in silence, has to run out first.
    proxy.reset()
    await until(() => told.feed.state === 'live')
    await anvil.mine()
    await reaches(told)
    expect(told.headers.length).toBe(5)
    expect(told.disconnected).toBe(1)
  })

  it('silent death is noticed within two block times', async () => {
    const clock = createManualClock()
    const blockTimeMs = 12_000
    const told = await listen({ clock, blockTimeMs })
    // Alive when it dies, at any moment between two of the watchdog's looks.
    clock.advance(1234)
    await anvil.mine()
    await reaches(told)
    proxy.spoil = () => []
    clock.advance(2 * blockTimeMs)
    expect(told.feed.state).toBe('polling')
    expect(`${told.faults[0]}`).toMatch(/WebSocket: the node is silent$/)
  })

  it('a dead subscription on a live connection is found by what it owes', async () => {
    const told = await listen()
    proxy.spoil = (text) => (text.includes('"eth_subscription"') ? [] : [text])
    await anvil.mine()
    await until(() => told.faults.length > 0)
    expect(`${told.faults[0]}`).toMatch(/WebSocket: the node pushes no heads$/)
    await reaches(told)
    expect(told.disconnected).toBe(1)
  })

  it('control: a quiet chain is no dead connection', async () => {
    const told = await listen()
    let pongs = 0
    proxy.spoil = (text) => {
      pongs += 1
      return [text]
    }
    // Signs of life, asked for each quarter of the silence.
    await until(() => pongs >= 5)
    expect(told.faults).toEqual([])
    expect(told.feed.state).toBe('live')
  })

  it.each<[string, () => void]>([
    ['reset', () => proxy.reset()],
    [
      'truncated JSON',
      () => {
        proxy.spoil = (text) => [text.slice(0, 20)]
      },
    ],
    [
      'refused for a while',
      () => {
        proxy.refuses = true
        proxy.reset()
      },
    ],
  ])('%s: goes on where it stood', async (_, spoil) => {
    const told = await listen()
    spoil()
    await anvil.request('anvil_mine', ['0x4'])
    await until(() => told.faults.length > 0)
    proxy.refuses = false
    proxy.spoil = (text) => [text]
    await until(() => told.feed.state === 'live')
    await anvil.mine()
    await reaches(told)
    expect(told.headers.length).toBe(6)
    expect(told.disconnected).toBe(1)
  })

  it.each<[string, () => void, RegExp]>([
    ['dies', () => proxy.reset(), /the connection (?:failed|was closed)$/],
    [
      'falls silent',
      () => {
        proxy.spoil = () => []
      },
      /is silent$/,
    ],
    [
      'lags',
      () => {
        proxy.spoil = inThePast(6)
      },
      /lags behind$/,
    ],
  ])('one of two WebSockets %s: the other takes over', async (_, harm, why) => {
    const other = await serveWebSocketProxy(anvil.port)
    const told = await listen({
      webSocketUrls: [proxy.port, other.port].map(
        (port) => new URL(`ws://127.0.0.1:${port}`),
      ),
    })
    expect(other.openings).toEqual([])
    proxy.refuses = true
    harm()
    for (let n = 0; told.faults.length === 0; n += 1) {
      expect(n).toBeLessThan(100)
      await anvil.mine()
      await pause(100)
    }
    expect(`${told.faults[0]}`).toMatch(why)
    await until(() => told.feed.state === 'live')
    // One step after the first: nobody waited for it, nor tried it again.
    expect(told.faults.length).toBe(1)
    expect(other.openings.length).toBe(1)
    await anvil.mine()
    await reaches(told)
    expect(told.disconnected).toBe(1)
    told.feed.close()
    other.close()
  })

  it('all WebSockets dead: each is tried again, and the first that lives is heard', async () => {
    const other = await serveWebSocketProxy(anvil.port)
    const told = await listen({
      webSocketUrls: [proxy.port, other.port].map(
        (port) => new URL(`ws://127.0.0.1:${port}`),
      ),
    })
    for (const each of [proxy, other]) each.refuses = true
    proxy.reset()
    await until(() => told.faults.length >= 4)
    other.refuses = false
    await until(() => told.feed.state === 'live')
    expect(other.openings.length).toBe(1)
    await anvil.mine()
    await reaches(told)
    expect(told.disconnected).toBe(1)
    told.feed.close()
    other.close()
  })

  it('another chain: CHAIN_MISMATCH, not listened to, heads polled', async () => {
    const told = await listen({ chainId: 1 }, true, 'polling')
    expect(told.faults[0]).toMatchObject({
      code: 'CHAIN_MISMATCH',
      facts: { expected: 1, actual: chainId },
    })
    await anvil.mine()
    await reaches(told)
    expect(told.states).not.toContain('live')
  })

  it('what a listener throws is told, and the next head comes', async () => {
    const told = await listen({}, true, 'live', () => {
      throw new Error('mine')
    })
    await anvil.mine()
    await reaches(told)
    expect(told.faults.length).toBe(told.headers.length)
    expect(told.feed.state).toBe('live')
  })

  it('no fault, state or feed shows the URL’s key', async () => {
    proxy.refuses = true
    const told = await listen({ chainId: 1 }, true, 'polling')
    proxy.refuses = false
    await until(() => told.faults.length > 1)
    // Control: they did go out.
    expect(leaked(proxy.openings.at(-1), secrets)).toEqual([
      pathKey,
      queryKey,
      login,
    ])
    expect(leaked([told, told.feed], secrets)).toEqual([])
    for (const fault of told.faults) expect(leaked(fault, secrets)).toEqual([])
  })

  it('closed, it tells nothing more', async () => {
    const told = await listen()
    told.feed.close()
    const before = told.headers.length
    await anvil.mine()
    await until(() => proxy.open.size === 0)
    expect(told.headers.length).toBe(before)
    expect(told.feed.state).toBe('closed')
  })
})

/** Starts a feed and waits until it is in a state and has told the head. */
async function listen(
  options: Partial<HeadFeedOptions> = {},
  pushes = true,
  state: HeadFeedState = pushes ? 'live' : 'polling',
  also: () => void = () => {},
): Promise<Heard> {
  const host = `me:${password}@127.0.0.1:${proxy.port}`
  const url = `ws://${host}/v3/${pathKey}?key=${queryKey}`
  const feed = createHeadFeed({
    ...(pushes && { webSocketUrls: [parseWebSocketUrl(url)!] }),
    rpc,
    chainId,
    blockTimeMs: 100,
    // A busy machine may be silent for a while too; to a clock of its own none is busy.
    ...(!options.clock && { silenceMs: 1000 }),
    ...options,
  })
  const told: Heard = {
    feed,
    headers: [],
    logs: [],
    states: [],
    faults: [],
    wrong: [],
    disconnected: 0,
  }
  heard = told
  feed.start({
    onHeads({ headers, connected }) {
      const known = new Set(told.headers.map(({ blockHash }) => blockHash))
      if (!connected) told.disconnected += 1
      for (const [i, header] of headers.entries()) {
        const hasParent =
          i > 0
            ? header.parentHash === headers[i - 1]!.blockHash
            : !connected || known.has(header.parentHash)
        if (!hasParent || known.has(header.blockHash)) told.wrong.push(header)
      }
      told.headers.push(...headers)
      also()
    },
    onLog: (log) => told.logs.push(log),
    onState: (next) => told.states.push(next),
    onFault: (fault) => told.faults.push(fault),
  })
  await until(() => feed.state === state && told.headers.length > 0)
  return told
}

/** Waits until the feed has told the chain's head; all it told must have been right. */
async function reaches(told: Heard): Promise<void> {
  const { hash } = await latest()
  await until(() => told.headers.at(-1)?.blockHash === hash)
  expect(told.wrong).toEqual([])
}

/** Says what a node that is so many blocks behind would say. */
function inThePast(blocks: number): (text: string) => readonly string[] {
  const pushes: string[] = []
  let blockNumber: Hex = '0x0'
  return (text) => {
    const { id, params, result } = JSON.parse(text)
    if (params) {
      pushes.push(text)
      const push = pushes.length > blocks ? pushes.shift() : undefined
      blockNumber = push ? JSON.parse(push).params.result.number : blockNumber
      return push ? [push] : []
    }
    const isNumber = typeof result === 'string' && result.length < 16
    return isNumber ? [JSON.stringify({ id, result: blockNumber })] : [text]
  }
}

type RawBlock = {
  readonly [name in
    | 'number'
    | 'hash'
    | 'parentHash'
    | 'timestamp'
    | 'baseFeePerGas'
    | 'logsBloom']: Hex
}

async function latest(): Promise<RawBlock> {
  const params = ['latest', false]
  return (await anvil.request('eth_getBlockByNumber', params)) as RawBlock
}
