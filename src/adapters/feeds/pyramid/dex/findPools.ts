import type { Hex } from '../../../../core/hex.ts'
import type { Rpc } from '../../../../core/rpc.ts'
import type { Dex } from '../../../../market/dex.ts'
import type { FoundPool, LeftOut } from '../found.ts'
import type { CallReader } from '../lane/callReader.ts'
import { addressAt, callOf, listAt, wordAt } from '../lane/words.ts'
import { type Clue, foundPool, protocolOf } from './protocols.ts'
import { readLogs } from './readLogs.ts'

/** How pools are looked for. */
export type Discovery =
  /** From the factory's list where it keeps one, else from its logs. */
  'auto' | 'logs' | 'list'

export type FindOptions = {
  readonly rpc: Rpc
  readonly reader: CallReader
  readonly dex: Dex
  readonly discovery: Discovery
  /** First block whose logs are read. */
  readonly fromBlock: number
  /** So many pools at most: the oldest. */
  readonly limit: number
  readonly signal?: AbortSignal
  onProgress?(done: number, total: number): void
}

/** Pools that exist, and those of no use. */
export type Found = {
  readonly pools: readonly FoundPool[]
  readonly leftOut: readonly LeftOut[]
}

/**
 * The pools of a DEX at the reader's block, in the order they were made in.
 * @throws RpcError where the node does not answer.
 */
export async function findPools(options: FindOptions): Promise<Found> {
  const { dex, discovery, limit } = options
  const listed = discovery === 'logs' ? undefined : await cluesOfList(options)
  const clues =
    listed ?? (discovery === 'list' ? [] : await cluesOfLogs(options))
  const leftOut: LeftOut[] = []
  if (!listed && discovery === 'list')
    leftOut.push({ dex: dex.name, reason: 'its factory keeps no list' })
  const unique = [
    ...new Map(
      clues.map((clue) => [clue.address.toLowerCase(), clue]),
    ).values(),
  ].slice(0, limit)
  const pools: FoundPool[] = []
  for (const clue of await completeClues(options, unique)) {
    const pool = foundPool(clue)
    if (pool && clue.reason === undefined) pools.push(pool)
    else {
      const reason = clue.reason ?? 'the pool does not tell its tokens'
      leftOut.push({ dex: dex.name, pool: clue.address, reason })
    }
  }
  return { pools, leftOut }
}

/** What the factory's list tells; undefined where it keeps none. */
async function cluesOfList({
  reader,
  dex,
  limit,
}: FindOptions): Promise<readonly Clue[] | undefined> {
  for (const [length, at] of protocolOf(dex).lists ?? []) {
    const [answer] = await reader.read([callOf(dex.address, length)])
    const count = wordAt(answer, 0)
    if (count === undefined || count > 1n << 32n) continue
    const places = Math.min(Number(count), limit)
    const answers = await reader.read(
      Array.from({ length: places }, (_, i) =>
        callOf(dex.address, at, [BigInt(i)], 1),
      ),
    )
    return answers.flatMap((one) => {
      const address = addressAt(one, 0)
      return address ? [{ address }] : []
    })
  }
  return undefined
}

async function cluesOfLogs(options: FindOptions): Promise<readonly Clue[]> {
  const { rpc, reader, dex, fromBlock, signal, onProgress } = options
  const { events } = protocolOf(dex)
  const logs = await readLogs(rpc, {
    address: dex.address,
    topics: [...events.keys()],
    fromBlock,
    toBlock: reader.blockNumber,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  })
  return logs.flatMap((log) => {
    const topic = log.topics[0]?.toLowerCase() as Hex
    return events.get(topic)?.(log) ?? []
  })
}

/** Asks for what neither list nor log told of pools of a DEX. @throws RpcError where the node does not answer. */
export async function completeClues(
  { reader, dex }: Pick<FindOptions, 'reader' | 'dex'>,
  clues: readonly Clue[],
): Promise<readonly Clue[]> {
  const wanting = clues.filter(({ tokens }) => !tokens)
  const isSolidly = dex.protocol === 'solidly'
  const answers = await reader.read(
    wanting.flatMap(({ address, poolId }) =>
      poolId
        ? [callOf(dex.address, 'getPoolTokens(bytes32)', [poolId])]
        : [
            callOf(address, 'token0()', [], 1),
            callOf(address, 'token1()', [], 1),
            ...(isSolidly ? [callOf(address, 'stable()', [], 1)] : []),
          ],
    ),
  )
  const completed = new Map<Clue, Clue>()
  let at = 0
  for (const clue of wanting) {
    if (clue.poolId) {
      completed.set(clue, withVaultTokens(clue, answers[at]))
      at += 1
      continue
    }
    const token0 = addressAt(answers[at], 0)
    const token1 = addressAt(answers[at + 1], 0)
    const stable = isSolidly ? wordAt(answers[at + 2], 0) : 0n
    at += isSolidly ? 3 : 2
    if (token0 && token1 && stable !== undefined)
      completed.set(clue, {
        ...clue,
        tokens: [token0, token1],
        ...(isSolidly && { isStable: stable === 1n }),
      })
  }
  return clues.map((clue) => completed.get(clue) ?? clue)
}

/** Of a Balancer pool two tokens are traded here, its own shares left aside. */
function withVaultTokens(clue: Clue, answer: Hex | undefined): Clue {
  const held = listAt(answer, 0)
  if (!held) return clue
  const others = held
    .filter((token) => token !== BigInt(clue.address))
    .map((token) => `0x${token.toString(16).padStart(40, '0')}` as Hex)
  const [token0, token1] = others
  return others.length === 2 && token0 && token1
    ? { ...clue, tokens: [token0, token1] }
    : { ...clue, reason: `it trades ${others.length} tokens, not two` }
}
