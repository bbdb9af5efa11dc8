import type { Rpc } from '../../src/core/rpc.ts'
import { RpcError } from '../../src/core/rpcError.ts'
import type { SeededRandom } from '../../src/core/seededRandom.ts'

/** What a bad node does to an answer. */
export const faults = [
  'error',
  'noLogs',
  'missingLog',
  'repeatedLogs',
  'disorderedLogs',
  'unknownBlock',
  'staleHead',
  'staleState',
  'wrongChain',
] as const

export type Fault = (typeof faults)[number]

export type LyingRpc = Rpc & {
  /** Share of the requests that go wrong. */
  share: number
  /** How often each fault was done. */
  readonly done: Record<Fault, number>
  /** Lies that wait for their first chance, which is taken: some questions hardly come again. */
  due: Set<Fault>
}

const mostStale = 20

/** A node that lies and fails now and then, by the seed, in these ways, and where it may. */
export function lyingRpc(
  rpc: Rpc,
  random: SeededRandom,
  ways: readonly Fault[] = faults,
  mayLie: (method: string) => boolean = () => true,
): LyingRpc {
  const below = (count: number): number => Math.floor(random.next() * count)
  const done = Object.fromEntries(
    faults.map((fault) => [fault, 0]),
  ) as LyingRpc['done']
  const waysOf = (method: string, params: readonly unknown[]): Fault[] =>
    faultsOf(method, params).filter((way) => ways.includes(way))
  const fail = async (
    method: string,
    params: readonly unknown[],
  ): Promise<unknown> => {
    const possible = mayLie(method) ? waysOf(method, params) : []
    // Some questions are rare: by chance alone a short run would not see every lie to them.
    const due = possible.filter((way) => lying.due.has(way))
    const least = Math.min(...possible.map((way) => done[way]))
    const rarest =
      due.length > 0 ? due : possible.filter((way) => done[way] === least)
    const fault = rarest[below(rarest.length)]
    if (!fault) return await rpc.request(method, params)
    done[fault]++
    lying.due.delete(fault)
    if (fault === 'error')
      throw new RpcError(`${method}: out of order`, { method })
    if (fault === 'unknownBlock') return null
    if (fault === 'wrongChain') return '0x1'
    if (fault === 'staleHead' || fault === 'staleState') {
      const latest = Number(await rpc.request('eth_blockNumber'))
      const stale = Math.max(0, latest - 1 - below(mostStale))
      const tag = `0x${stale.toString(16)}`
      if (method === 'eth_blockNumber') return tag
      const old = params.map((param) => (param === 'latest' ? tag : param))
      return await rpc.request(method, old)
    }
    const logs = (await rpc.request(method, params)) as unknown[]
    if (fault === 'noLogs') return []
    if (fault === 'missingLog') return logs.toSpliced(below(logs.length), 1)
    if (fault === 'disorderedLogs')
      return logs.toSorted(() => random.next() - 0.5)
    return logs.flatMap((log) => (random.next() < 0.3 ? [log, log] : [log]))
  }
  const lying: LyingRpc = {
    share: 0.3,
    done,
    due: new Set(ways),
    async request(method, params = []) {
      const isDue =
        this.share > 0 &&
        waysOf(method, params).some((way) => this.due.has(way))
      return random.next() < this.share || isDue
        ? await fail(method, params)
        : await rpc.request(method, params)
    },
  }
  return lying
}

function faultsOf(method: string, params: readonly unknown[]): Fault[] {
  if (method === 'eth_getLogs')
    return ['error', 'noLogs', 'missingLog', 'repeatedLogs', 'disorderedLogs']
  if (method === 'eth_chainId') return ['error', 'wrongChain']
  if (method === 'eth_blockNumber') return ['error', 'staleHead']
  if (params.includes('latest'))
    return [
      'error',
      method === 'eth_getBlockByNumber' ? 'staleHead' : 'staleState',
    ]
  if (method.startsWith('eth_getBlockBy')) return ['error', 'unknownBlock']
  return ['error']
}
