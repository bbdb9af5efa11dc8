import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import type { Dex } from '../../../market/dex.ts'
import type { Token } from '../../../market/token.ts'
import type { PinnedBlock } from './chain/pinBlock.ts'
import { completeClues } from './dex/findPools.ts'
import { type Clue, foundPool, pyramidProtocols } from './dex/protocols.ts'
import { reasonOf, runApart } from './dex/runApart.ts'
import { defaultTickWords } from './fetchOptions.ts'
import type { FoundPool, PoolReading } from './found.ts'
import { inParallel } from './inParallel.ts'
import { createCallReader } from './lane/callReader.ts'
import { canonicalMulticall3 } from './lane/multicall.ts'
import { readTokens, type TokenReading } from './shard/tokens.ts'

/** A pool that a factory told of. */
export type NewPool = {
  readonly dex: Dex
  readonly clue: Clue
}

/** A log as far as discovery reads it. */
export type CreationLog = {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}

/** Where new pools are read. */
export type NewPoolsOptions = {
  readonly rpc: Rpc
  readonly chainId: number
  readonly block: PinnedBlock
  /** Default the address where Multicall3 lies on nearly every chain. */
  readonly multicall3?: Hex
  /** So many words of a pool's tick bitmap at most, round its price. Default 256; Infinity for the whole scale. */
  readonly tickWords?: number
  /** A token that is known already. */
  tokenOf(address: Hex): Token | undefined
  readonly signal?: AbortSignal
}

/** A new pool with its tokens, or why it cannot be used. */
export type NewPoolReading = {
  readonly reading: PoolReading
  /** Those of the pool. */
  readonly tokens: readonly Token[]
}

/** Tells new pools by the logs of their factories. */
export type CreationReader = {
  /** First topics of such logs. */
  readonly topics: readonly Hex[]
  /** The pool a log tells of; undefined where it is no factory's word. */
  read(log: CreationLog): NewPool | undefined
}

/** Knows the factories of these DEXes; those of protocols that nobody can read are passed over. */
export function createCreationReader(dexes: readonly Dex[]): CreationReader {
  const byFactory = new Map<string, Dex[]>()
  const topics = new Set<Hex>()
  for (const dex of dexes) {
    const events = pyramidProtocols.get(dex.protocol)?.events
    if (!events) continue
    for (const topic of events.keys()) topics.add(topic)
    const key = dex.address.toLowerCase()
    byFactory.set(key, [...(byFactory.get(key) ?? []), dex])
  }
  return {
    topics: [...topics],
    read(log) {
      const topic = log.topics[0]?.toLowerCase() as Hex | undefined
      if (topic === undefined) return undefined
      for (const dex of byFactory.get(log.address.toLowerCase()) ?? []) {
        const { events } = pyramidProtocols.get(dex.protocol)!
        const clue = events.get(topic)?.(log)
        if (clue) return { dex, clue }
      }
      return undefined
    },
  }
}

/**
 * Reads the states of new pools and their tokens at one block, which is named
 * by its hash. Results are in the order of the pools.
 *
 * @throws RpcError where the node does not answer.
 */
export async function readNewPools(
  options: NewPoolsOptions,
  pools: readonly NewPool[],
): Promise<readonly NewPoolReading[]> {
  const { rpc, block, multicall3 = canonicalMulticall3, signal } = options
  const words = options.tickWords ?? defaultTickWords
  const reader = createCallReader({
    rpc,
    multicall3,
    ...block,
    ...(signal && { signal }),
  })
  const found = new Map<NewPool, FoundPool>()
  const results = new Map<NewPool, NewPoolReading>()
  const refuse = (pool: NewPool, reason: string): void => {
    results.set(pool, { reading: { reason }, tokens: [] })
  }
  const dexes = [...new Set(pools.map(({ dex }) => dex))]
  await inParallel(dexes, async (dex) => {
    const own = pools.filter((pool) => pool.dex === dex)
    const clues = own.map(({ clue }) => clue)
    const part = await runApart(reader, () =>
      completeClues({ reader, dex }, clues),
    )
    if ('fault' in part)
      return own.forEach((pool) => {
        refuse(pool, reasonOf(part.fault))
      })
    for (const [i, clue] of part.result.entries()) {
      const whole = foundPool(clue)
      if (whole && clue.reason === undefined) found.set(own[i]!, whole)
      else refuse(own[i]!, clue.reason ?? 'the pool does not tell its tokens')
    }
  })
  const tokens = await tokensOf(options, reader, [...found.values()])
  await inParallel(dexes, async (dex) => {
    const own = pools.flatMap((pool) => {
      const whole = found.get(pool)
      if (pool.dex !== dex || !whole) return []
      const readings = whole.tokens.map((token) => tokens.get(key(token))!)
      const bad = readings.find((reading) => 'reason' in reading)
      if (bad) refuse(pool, bad.reason)
      return bad ? [] : [{ pool, whole, tokens: readings as [Token, Token] }]
    })
    const part = await runApart(reader, () =>
      pyramidProtocols.get(dex.protocol)!.read(reader, {
        dex,
        pools: own.map(({ whole }) => whole),
        decimalsOf: (token) => (tokens.get(key(token)) as Token).decimals,
        windowOf: () => ({ words }),
      }),
    )
    for (const [i, { pool, tokens }] of own.entries()) {
      const reading =
        'result' in part ? part.result[i]! : { reason: reasonOf(part.fault) }
      results.set(pool, {
        reading:
          'reason' in reading
            ? reading
            : { ...reading, tokens: addressesOf(tokens) },
        tokens,
      })
    }
  })
  return pools.map((pool) => results.get(pool)!)
}

/** By their addresses in lower case: what is known, or what the contracts tell. */
async function tokensOf(
  { chainId, tokenOf }: NewPoolsOptions,
  reader: Parameters<typeof readTokens>[0],
  pools: readonly FoundPool[],
): Promise<ReadonlyMap<string, TokenReading>> {
  const addresses = [
    ...new Set(pools.flatMap(({ tokens }) => tokens.map(key))),
  ] as Hex[]
  const unknown = addresses.filter((address) => !tokenOf(address))
  const readings = await readTokens(reader, chainId, unknown)
  return new Map<string, TokenReading>([
    ...addresses.flatMap((address) => {
      const token = tokenOf(address)
      return token ? [[address, token] as const] : []
    }),
    ...unknown.map((address, i) => [address, readings[i]!] as const),
  ])
}

/** With their checksums: a market names them so. */
function addressesOf([token0, token1]: readonly [Token, Token]): [Hex, Hex] {
  return [token0.address, token1.address]
}

function key(address: Hex): string {
  return address.toLowerCase()
}
