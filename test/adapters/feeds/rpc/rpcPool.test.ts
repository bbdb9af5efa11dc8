import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createRpcPool,
  type RpcPool,
  type RpcPoolOptions,
} from '../../../../src/adapters/feeds/rpc/index.ts'
import { fetchPost, type HttpPost } from '../../../../src/adapters/httpPost.ts'
import { parseRpcUrl } from '../../../../src/adapters/rpc/index.ts'
import { keccakHex } from '../../../../src/core/keccak.ts'
import { RpcError } from '../../../../src/core/rpcError.ts'
import { createSeededRandom } from '../../../../src/core/seededRandom.ts'
import { createNodePost } from '../../../../src/programs/nodePost.ts'
import {
  everyFault,
  type Fault,
  type FaultyNode,
  serveFaulty,
} from '../../../support/faultyNode.ts'
import { createManualClock } from '../../../support/manualClock.ts'
import { leaked, rejection } from '../../../support/secrets.ts'

const chainId = 77
const pathKey = 'sEcReTkEy0123456789'
const queryKey = 'qUeRyKeY9876543210'
const password = 'pAsSwOrD-of-the-node'
const login = btoa(`me:${password}`)
const secrets = [pathKey, queryKey, password, login]

/** What the nodes answer by method; a call echoes its first parameter. */
let chains: Map<string, (params: readonly unknown[]) => unknown>[]
let nodes: FaultyNode[]
beforeEach(async () => {
  chains = [0, 1, 2].map(
    () =>
      new Map<string, (params: readonly unknown[]) => unknown>([
        ['eth_chainId', () => `0x${chainId.toString(16)}`],
        ['eth_blockNumber', () => '0x64'],
        ['eth_call', ([echo]) => echo],
        ['eth_sendRawTransaction', () => '0xaa'],
      ]),
  )
  nodes = await Promise.all(
    chains.map((answers) =>
      serveFaulty({
        async request(method, params = []) {
          const answer = answers.get(method)
          if (answer) return answer(params)
          throw new RpcError('no such method', { method, rpcCode: -32_601 })
        },
      }),
    ),
  )
})
afterEach(() => {
  for (const node of nodes) node.close()
})

/** How requests are posted. */
let post: HttpPost
describe.each<[string, HttpPost]>([
  ['fetch', fetchPost],
  ['Node’s own client', createNodePost()],
])('by %s', (_, by) => {
  beforeEach(() => {
    post = by
  })

  describe('request', () => {
    it('default: answers, and what a node says of the question is final', async () => {
      const rpc = pool()
      expect(await rpc.request('eth_call', ['0x1'])).toBe('0x1')
      expect(await rejection(rpc.request('eth_getProof'))).toMatchObject({
        code: 'RPC_FAILED',
        message: 'eth_getProof: no such method',
        facts: { rpcCode: -32_601 },
      })
      expect(asked('eth_getProof')).toBe(1)
    })

    it('behavior: a revert is final and keeps its data', async () => {
      for (const answers of chains)
        answers.set('eth_call', () => {
          throw new RpcError('execution reverted: unknown block', {
            method: 'eth_call',
            rpcCode: 3,
            data: '0x08c379a0',
          })
        })
      const thrown = await rejection(pool().request('eth_call', []))
      expect(thrown).toMatchObject({
        data: '0x08c379a0',
        facts: { rpcCode: 3 },
      })
      expect(asked('eth_call')).toBe(1)
    })

    it.each(everyFault)('behavior: fails over from %s', async (fault) => {
      const rpc = pool()
      await rpc.look()
      const faulty = nodes[0]!
      faulty.fault = () => fault
      for (let n = 0; !faulty.methods.includes('eth_call'); n += 1) {
        expect(n).toBeLessThan(200)
        const echoes = [0, 1, 2, 3, 4, 5].map((k) => `0x${n}${k}`)
        const calls = echoes.map((echo) => rpc.request('eth_call', [echo]))
        expect(await Promise.all(calls)).toEqual(echoes)
      }
      if (fault !== 'duplicated')
        expect(rpc.health()[0]!.errorRate).toBeGreaterThan(0)
      else expect(rpc.health()[0]!.errorRate).toBe(0)
    })

    it('behavior: 30 % of requests faulty, any fault on any node: every read comes right', async () => {
      const random = createSeededRandom(4)
      for (const node of nodes)
        node.fault = () =>
          random.next() < 0.3
            ? everyFault[(random.next() * everyFault.length) | 0]
            : undefined
      const rpc = pool({ timeoutMs: 100, attempts: 12, backoffMs: 5 })
      const echoes = Array.from({ length: 300 }, (_, n) => `0x${n}`)
      const answers = await Promise.all(
        echoes.map((echo) => rpc.request('eth_call', [echo])),
      )
      expect(answers).toEqual(echoes)
      for (const { calls } of rpc.health()) expect(calls).toBeGreaterThan(0)
    })

    it('error: every node faulty: the last fault, by number, after so many tries', async () => {
      for (const node of nodes) node.fault = failing('eth_call', 'status500')
      const thrown = await rejection(
        pool({ attempts: 4, backoffMs: 1 }).request('eth_call', []),
      )
      expect((thrown as Error).message).toMatch(
        /^eth_call: the node answers with HTTP status 500 \(RPC [123] of 3\)$/,
      )
      expect(asked('eth_call')).toBe(4)
    })

    it('behavior: a node that asks for rest gets it', async () => {
      const clock = createManualClock()
      const rpc = pool({ clock }, [0])
      const goes: number[] = []
      nodes[0]!.fault = (methods) => {
        if (!methods.includes('eth_call')) return undefined
        goes.push(clock.now())
        return goes.length === 1 ? 'retryAfter' : undefined
      }
      const answer = rpc.request('eth_call', ['0x1'])
      const passing = setInterval(() => clock.advance(50), 1)
      expect(await answer).toBe('0x1')
      clearInterval(passing)
      expect(goes.length).toBe(2)
      expect(goes[1]! - goes[0]!).toBeGreaterThanOrEqual(3000)
    })

    it('behavior: the rate of a URL is kept', async () => {
      const clock = createManualClock()
      const url = new URL(`http://127.0.0.1:${nodes[0]!.port}`)
      const rateLimit = { callsPerSecond: 10, burst: 4 }
      const rpc = createRpcPool({
        urls: [{ url, rateLimit }],
        chainId,
        clock,
        post,
      })
      const goes: number[] = []
      nodes[0]!.fault = (methods) => {
        for (const method of methods)
          if (method === 'eth_call') goes.push(clock.now())
        return undefined
      }
      const answers = Promise.all(
        Array.from({ length: 24 }, () => rpc.request('eth_call', ['0x1'])),
      )
      const passing = setInterval(() => clock.advance(10), 1)
      await answers
      clearInterval(passing)
      expect(goes.length).toBe(24)
      // 4 at once, 20 at 10 a second.
      expect(clock.now()).toBeGreaterThanOrEqual(2000)
    })

    it('behavior: load goes to every node, over connections kept open', async () => {
      const rpc = pool({ batchSize: 1 })
      for (let n = 0; n < 40; n += 1)
        await Promise.all(
          [0, 1, 2, 3, 4, 5].map((k) =>
            rpc.request('eth_call', [`0x${n}${k}`]),
          ),
        )
      for (const { batches, connections } of nodes) {
        expect(batches.length).toBeGreaterThan(10)
        expect(connections).toBeLessThan(batches.length / 2)
      }
    })

    it('behavior: 256 requests are in flight at once over connections kept open, none is lost', async () => {
      const most = 256
      const rpc = pool({ batchSize: 1, hedgePercentile: 1, timeoutMs: 30_000 })
      await rpc.look()
      for (const node of nodes) node.connections = 0
      for (let round = 0; round < 8; round += 1) {
        const comes = gate()
        for (const answers of chains)
          answers.set('eth_call', async ([echo]) => {
            if (nodes.reduce((sum, node) => sum + node.inFlight, 0) === most)
              comes.open()
            // Nobody is answered before all have asked.
            await comes.isOpen
            return echo
          })
        const echoes = Array.from({ length: most }, (_, n) => `0x${round}${n}`)
        const answers = echoes.map((echo) => rpc.request('eth_call', [echo]))
        expect(await Promise.all(answers)).toEqual(echoes)
      }
      expect(asked('eth_call')).toBe(8 * most)
      const connections = nodes.reduce((sum, node) => sum + node.connections, 0)
      expect(connections).toBeLessThan((8 * most) / 2)
      for (const { mostInFlight } of nodes)
        expect(mostInFlight).toBeGreaterThan(0)
    })

    it('behavior: the slow node’s reads are asked of a second one, and given up', async () => {
      const rpc = pool({ timeoutMs: 20_000, attempts: 1 })
      // So many that its usual time is known.
      for (let n = 0; rpc.health().some(({ calls }) => calls < 20); n += 1) {
        expect(n).toBeLessThan(2000)
        await rpc.request('eth_call', ['0x1'])
      }
      const { errorRate } = rpc.health()[0]!
      // Without an end: only the second can answer.
      nodes[0]!.fault = () => 'hang'
      nodes[0]!.methods.length = 0
      for (let n = 0; nodes[0]!.methods.length === 0; n += 1) {
        expect(n).toBeLessThan(200)
        expect(await rpc.request('eth_call', ['0x2'])).toBe('0x2')
      }
      await expect.poll(() => nodes[0]!.inFlight).toBe(0)
      expect(nodes[0]!.givenUp).toBeGreaterThan(0)
      expect(rpc.health()[0]).toMatchObject({ inFlight: 0, errorRate })
    })

    it('behavior: a null block is asked of another node, null from two is null', async () => {
      const block = { number: '0x1' }
      chains[0]!.set('eth_getBlockByHash', () => null)
      chains[1]!.set('eth_getBlockByHash', () => block)
      const two = pool({}, [0, 1])
      for (let n = 0; asked('eth_getBlockByHash') === n; n += 1) {
        expect(n).toBeLessThan(50)
        expect(await two.request('eth_getBlockByHash', [])).toEqual(block)
      }
      chains[1]!.set('eth_getBlockByHash', () => null)
      expect(await two.request('eth_getBlockByHash', [])).toBe(null)
      expect(await pool({}, [0]).request('eth_getBlockByHash', [])).toBe(null)
    })
  })

  describe('transactions', () => {
    const send = 'eth_sendRawTransaction'
    const raw = '0x0201'

    it.each(['reset', 'hang', 'status500', 'truncated'] as const)(
      'a sending whose answer is lost (%s) goes out once',
      async (fault) => {
        for (const node of nodes) node.fault = failing(send, fault)
        const thrown = await rejection(
          pool({ timeoutMs: 100 }).request(send, ['0x02']),
        )
        expect(thrown).toBeInstanceOf(RpcError)
        expect(asked(send)).toBe(1)
        // It may have arrived.
        expect(thrown).not.toHaveProperty('facts.notTaken')
      },
    )

    it.each<[string, () => void]>([
      [
        'answers 429',
        () => {
          nodes[0]!.fault = failing(send, 'status429')
        },
      ],
      [
        'is too busy',
        () => {
          nodes[0]!.fault = failing(send, 'busy')
        },
      ],
      ['takes no transactions', () => chains[0]!.delete(send)],
      [
        'is out of order',
        () => refusing(0, 'temporarily unavailable', -32_603),
      ],
    ])(
      'goes to the next node where one %s, the same bytes',
      async (_, harm) => {
        harm()
        const bytes: unknown[] = []
        for (const n of [1, 2])
          chains[n]!.set(send, ([raw]) => {
            bytes.push(raw)
            return '0xaa'
          })
        for (let seed = 1; asked(send) === bytes.length; seed += 1) {
          expect(seed).toBeLessThan(50)
          expect(await pool({ seed }).request(send, [raw])).toBe('0xaa')
        }
        expect(new Set(bytes)).toEqual(new Set([raw]))
      },
    )

    it('that every node turned away: each was asked once, and none took it', async () => {
      for (const node of nodes) node.fault = failing(send, 'status429')
      expect(await rejection(pool().request(send, [raw]))).toMatchObject({
        message: expect.stringMatching(/HTTP status 429 \(RPC [123] of 3\)$/),
        facts: { notTaken: true },
      })
      expect(
        nodes.map(({ methods }) => methods.filter((m) => m === send)),
      ).toEqual([[send], [send], [send]])
    })

    it('does not wait for a node that wants to be left alone: it would come late', async () => {
      const rpc = pool({}, [0])
      nodes[0]!.fault = (methods) =>
        methods.includes('eth_call') ? 'retryAfter' : undefined
      await rpc.look()
      const read = rejection(rpc.request('eth_call'))
      await expect.poll(() => rpc.health()[0]!.errorRate).toBeGreaterThan(0)
      expect(await rejection(rpc.request(send, [raw]))).toMatchObject({
        message: `${send}: the node wants to be left alone`,
        facts: { notTaken: true },
      })
      expect(asked(send)).toBe(0)
      nodes[0]!.close()
      await read
    })

    it.each([
      'already known',
      'AlreadyKnown',
      'Known transaction: 0x12',
      'transaction already imported',
      'Transaction with the same hash was already imported.',
    ])('%s: the node has this very transaction, it is sent', async (words) => {
      for (const n of [0, 1, 2]) refusing(n, words)
      expect(await pool().request(send, [raw])).toBe(keccakHex(raw))
      expect(asked(send)).toBe(1)
    })

    it.each(['nonce too low: next nonce 5, tx nonce 4', 'OldNonce, 5'])(
      '%s: sent where the chain has this hash, refused where another took the nonce',
      async (words) => {
        for (const n of [0, 1, 2]) refusing(n, words)
        const hash = keccakHex(raw)
        for (const answers of chains)
          answers.set('eth_getTransactionByHash', ([asked]) =>
            asked === hash ? { hash } : null,
          )
        expect(await pool().request(send, [raw])).toBe(hash)
        const other = await rejection(pool().request(send, ['0x0202']))
        expect((other as Error).message).toContain(words.slice(0, 5))
        expect(other).not.toHaveProperty('facts.notTaken')
        expect(asked(send)).toBe(2)
      },
    )

    it.each([
      'insufficient funds for gas * price + value',
      'replacement transaction underpriced',
      'unknown transaction type',
    ])('%s: final, no other node is asked', async (words) => {
      for (const n of [0, 1, 2]) refusing(n, words)
      const thrown = await rejection(pool().request(send, [raw]))
      expect((thrown as Error).message).toContain(words)
      expect(thrown).not.toHaveProperty('facts.notTaken')
      expect(asked(send)).toBe(1)
    })

    it.each(['reset', 'status429'] as const)(
      'a method unknown to the pool is asked once too (%s)',
      async (fault) => {
        for (const node of nodes) node.fault = failing('evm_mine', fault)
        const thrown = await rejection(pool().request('evm_mine'))
        expect(thrown).toBeInstanceOf(RpcError)
        expect(asked('evm_mine')).toBe(1)
      },
    )

    it('control: a read with the same fault is tried again', async () => {
      for (const node of nodes) node.fault = failing('eth_call', 'reset')
      await rejection(pool({ backoffMs: 1 }).request('eth_call'))
      expect(asked('eth_call')).toBe(6)
    })

    it('goes to the next node where the first surely got nothing', async () => {
      nodes[0]!.close()
      nodes[1]!.close()
      for (let seed = 1; seed <= 10; seed += 1) {
        const rpc = pool({ seed })
        expect(await rpc.request(send, ['0x02'])).toBe('0xaa')
        expect(asked(send)).toBe(seed)
      }
    })

    it('never shares a request with others', async () => {
      const rpc = pool({}, [0])
      await rpc.look()
      nodes[0]!.batches.length = 0
      await Promise.all([1, 2, 3].map(() => rpc.request(send, ['0x02'])))
      expect(nodes[0]!.batches).toEqual([1, 1, 1])
    })
  })

  describe('batches', () => {
    it('default: calls of one turn share a request, answers find their calls', async () => {
      const rpc = pool({ batchSize: 10 }, [0])
      await rpc.look()
      nodes[0]!.batches.length = 0
      nodes[0]!.fault = () => 'duplicated'
      const echoes = Array.from({ length: 25 }, (_, n) => `0x${n}`)
      const answers = echoes.map((echo) => rpc.request('eth_call', [echo]))
      expect(await Promise.all(answers)).toEqual(echoes)
      expect(nodes[0]!.batches.toSorted((a, b) => a - b)).toEqual([5, 10, 10])
    })

    it('behavior: one call’s error is its own', async () => {
      const rpc = pool({}, [0])
      await rpc.look()
      const [good, bad] = await Promise.allSettled([
        rpc.request('eth_call', ['0x1']),
        rpc.request('eth_getProof'),
      ])
      expect(good).toMatchObject({ status: 'fulfilled', value: '0x1' })
      expect(bad.status).toBe('rejected')
      expect(nodes[0]!.batches.at(-1)).toBe(2)
    })

    it('behavior: a node that takes no batches gets single calls from then on', async () => {
      const rpc = pool({}, [0])
      await rpc.look()
      nodes[0]!.fault = () => 'batchRefused'
      const ask = () =>
        Promise.all(
          ['0x1', '0x2', '0x3'].map((e) => rpc.request('eth_call', [e])),
        )
      expect(await ask()).toEqual(['0x1', '0x2', '0x3'])
      nodes[0]!.batches.length = 0
      expect(await ask()).toEqual(['0x1', '0x2', '0x3'])
      expect(nodes[0]!.batches).toEqual([1, 1, 1])
    })

    it('behavior: a batch that was refused grows again slowly, and learns the node’s limit', async () => {
      const rpc = pool({ batchSize: 8 }, [0])
      await rpc.look()
      let most = 3
      nodes[0]!.fault = (methods) =>
        methods.length > most ? 'batchRefused' : undefined
      const ask = async (times: number): Promise<readonly number[]> => {
        nodes[0]!.batches.length = 0
        for (let n = 0; n < times; n += 1) {
          const echoes = Array.from({ length: 24 }, (_, k) => `0x${n}${k}`)
          const answers = echoes.map((echo) => rpc.request('eth_call', [echo]))
          expect(await Promise.all(answers)).toEqual(echoes)
        }
        return nodes[0]!.batches
      }
      // 8 and 4 are refused, 2 goes; then 3, and 4 is refused once more.
      const sizes = await ask(60)
      const refused = sizes.filter((size) => size > most)
      expect(new Set(refused)).toEqual(new Set([8, 4]))
      expect(refused.length).toBeLessThan(sizes.length / 20)
      expect(Math.max(...sizes.slice(-8))).toBe(3)
      most = 8
      await ask(1500)
      expect(Math.max(...nodes[0]!.batches.slice(-3))).toBe(8)
    })
  })

  describe('health', () => {
    it('a node behind the others is asked only where no other can be', async () => {
      chains[0]!.set('eth_blockNumber', () => '0x50')
      const rpc = pool()
      const health = await rpc.look()
      expect(health.map(({ headLag }) => headLag)).toEqual([20, 0, 0])
      for (let n = 0; n < 30; n += 1) await rpc.request('eth_call', ['0x1'])
      expect(nodes[0]!.methods).not.toContain('eth_call')
      nodes[1]!.close()
      nodes[2]!.close()
      expect(await rpc.request('eth_call', ['0x1'])).toBe('0x1')
    })

    it('a node of another chain is taken out, and comes back when it is right', async () => {
      chains[0]!.set('eth_chainId', () => '0x1')
      const rpc = pool({ recheckMs: 0 })
      for (let n = 0; n < 30; n += 1) await rpc.request('eth_call', ['0x1'])
      expect(nodes[0]!.methods).not.toContain('eth_call')
      expect(rpc.health()[0]).toMatchObject({ state: 'wrongChain', chainId: 1 })
      chains[0]!.set('eth_chainId', () => `0x${chainId.toString(16)}`)
      expect((await rpc.look())[0]).toMatchObject({ state: 'ready' })
    })

    it.each([1, 3])(
      'of %d nodes one becomes one of another chain as it runs: it is taken out',
      async (count) => {
        const rpc = pool(
          { recheckMs: 0, headLookMs: 0 },
          [0, 1, 2].slice(0, count),
        )
        for (let n = 0; n < 20; n += 1) await rpc.request('eth_call', ['0x1'])
        expect(nodes[0]!.methods).toContain('eth_call')
        chains[0]!.set('eth_chainId', () => '0x1')
        const isTakenOut = () => rpc.health()[0]!.state === 'wrongChain'
        while (!isTakenOut()) await rpc.request('eth_call', ['0x1'])
        const before = nodes[0]!.methods.filter((m) => m === 'eth_call').length
        for (let n = 0; n < 20; n += 1) {
          const answer = rpc.request('eth_call', ['0x1'])
          if (count > 1) expect(await answer).toBe('0x1')
          else
            expect(await rejection(answer)).toMatchObject({
              code: 'CHAIN_MISMATCH',
            })
        }
        const after = nodes[0]!.methods.filter((m) => m === 'eth_call').length
        expect(after).toBe(before)
      },
    )

    it('the newest block is the highest that most nodes tell', async () => {
      const numbers = ['0x50', '0x64', '0x51']
      for (const [n, number] of numbers.entries())
        chains[n]!.set('eth_blockNumber', () => number)
      const hanging = (n: number) => {
        for (const [i, node] of nodes.entries())
          node.fault =
            i === n ? failing('eth_blockNumber', 'hang') : () => undefined
      }
      // Whoever is silent, two answer: the highest of these.
      for (const [silent, newest] of [
        [0, '0x64'],
        [1, '0x51'],
        [2, '0x64'],
      ] as const) {
        hanging(silent)
        expect(await pool().request('eth_blockNumber')).toBe(newest)
      }
      for (const node of nodes)
        node.fault = failing('eth_blockNumber', 'status500')
      const alone = pool({ attempts: 2, backoffMs: 1 })
      expect(await rejection(alone.request('eth_blockNumber'))).toMatchObject({
        message: expect.stringContaining('HTTP status 500 (RPC '),
      })
    })

    it.each(['eth_call', 'eth_sendRawTransaction'])(
      'error: all of another chain: CHAIN_MISMATCH, and %s reaches none',
      async (method) => {
        for (const answers of chains) answers.set('eth_chainId', () => '0x1')
        expect(await rejection(pool().request(method, ['0x1']))).toMatchObject({
          code: 'CHAIN_MISMATCH',
          facts: { expected: chainId, actual: 1 },
        })
        expect(asked(method)).toBe(0)
      },
    )
  })

  describe('secrets', () => {
    it.each<Fault | 'closed' | 'echo'>([
      ...everyFault.filter((fault) => fault !== 'duplicated'),
      'closed',
      'echo',
    ])('%s: no error, health or pool shows a URL’s key', async (fault) => {
      const rpc = pool({ timeoutMs: 100, attempts: 3, backoffMs: 1 }, [0])
      const node = nodes[0]!
      await rpc.look()
      // Control: the node did get them.
      const { path, headers } = node
      expect(leaked({ path, headers }, secrets)).toEqual([
        pathKey,
        queryKey,
        login,
      ])
      let said = ''
      if (fault === 'closed') node.close()
      else if (fault === 'echo')
        chains[0]!.set('eth_call', () => {
          const { authorization } = node.headers
          said = `no access: ${node.path} for me:${password}, ${authorization}`
          throw new RpcError(said, { method: 'eth_call' })
        })
      else node.fault = () => fault
      const thrown = await rejection(rpc.request('eth_call', []))
      expect(thrown).toBeInstanceOf(RpcError)
      expect(leaked([thrown, rpc, rpc.health()], secrets)).toEqual([])
      expect(leaked((thrown as Error).stack, secrets)).toEqual([])
      // Control: the node did say them all.
      if (fault === 'echo') expect(leaked(said, secrets)).toEqual(secrets)
    })
  })
})

function pool(
  options: Partial<RpcPoolOptions> = {},
  which: readonly number[] = [0, 1, 2],
): RpcPool {
  return createRpcPool({
    urls: which.map((n) => {
      const host = `me:${password}@127.0.0.1:${nodes[n]!.port}`
      return parseRpcUrl(`http://${host}/v3/${pathKey}?key=${queryKey}`)!
    }),
    chainId,
    timeoutMs: 1500,
    backoffMs: 5,
    post,
    ...options,
  })
}

function asked(method: string): number {
  return nodes
    .flatMap(({ methods }) => methods)
    .filter((name) => name === method).length
}

/** A node answers every transaction with such an error. */
function refusing(n: number, words: string, rpcCode = -32_000): void {
  const method = 'eth_sendRawTransaction'
  chains[n]!.set(method, () => {
    throw new RpcError(words, { method, rpcCode })
  })
}

function gate(): { readonly isOpen: Promise<void>; open(): void } {
  let open = (): void => {}
  const isOpen = new Promise<void>((resolve) => {
    open = resolve
  })
  return { isOpen, open }
}

function failing(
  method: string,
  fault: Fault,
): (methods: readonly string[]) => Fault | undefined {
  return (methods) => (methods.includes(method) ? fault : undefined)
}
