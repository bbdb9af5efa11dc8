import { zeroAddress } from '../../../../core/address.ts'
import type { Hex } from '../../../../core/hex.ts'
import { keccakText } from '../../../../core/keccak.ts'
import type { Dex } from '../../../../market/dex.ts'
import { AdapterUnknownError } from '../../../adapterUnknown.ts'
import type { FoundPool, PoolReading, PoolsToRead } from '../found.ts'
import type { CallReader } from '../lane/callReader.ts'
import { addressAt, signed, wordAt } from '../lane/words.ts'
import { algebraSource } from '../shard/states/algebraSource.ts'
import { readBalancerPools } from '../shard/states/balancerPools.ts'
import { readConcentratedPools } from '../shard/states/concentratedPools.ts'
import { readPairs } from '../shard/states/pairs.ts'
import { readSolidlyPairs } from '../shard/states/solidlyPairs.ts'
import type { MakeTickSource } from '../shard/states/tickSource.ts'
import { uniswapV4Source } from '../shard/states/uniswapV4Source.ts'
import { v3Source } from '../shard/states/v3Source.ts'
import type { SwapKind } from '../tokenTrials.ts'
import type { FoundLog } from './readLogs.ts'

/** What a log or a list tells of a pool: some of it must still be asked for. */
export type Clue = {
  readonly address: Hex
  readonly tokens?: readonly [Hex, Hex]
  readonly isStable?: boolean
  readonly feePips?: number
  readonly tickSpacing?: number
  readonly poolId?: Hex
  /** Why the pool is of no use whatever its state. */
  readonly reason?: string
}

/** How the pools of a protocol are found and read. */
export type PyramidProtocol = {
  /** First topic of each event that tells of a new pool, and what it tells; undefined where the log is malformed. */
  readonly events: ReadonlyMap<Hex, (log: FoundLog) => Clue | undefined>
  /** Functions of a factory that keeps a list: its length, and the pool at a place. */
  readonly lists?: readonly (readonly [length: string, at: string])[]
  /** How its pools are swapped with where tokens are tried out; undefined where they cannot be. */
  readonly swapKind?: SwapKind
  /** Reads state. Results are in the order of the pools. */
  read(reader: CallReader, pools: PoolsToRead): Promise<readonly PoolReading[]>
}

const dynamicFee = 0x800000

const pairLists = [['allPairsLength()', 'allPairs(uint256)']] as const

const v3Created = eventOf(
  'PoolCreated(address,address,uint24,int24,address)',
  (log) => poolOfTwo(log, 1),
)

const algebra: PyramidProtocol = {
  events: new Map([
    eventOf('Pool(address,address,address)', (log) => poolOfTwo(log, 0)),
    eventOf('CustomPool(address,address,address,address)', (log) =>
      poolOfTwo({ ...log, topics: log.topics.slice(1) }, 0),
    ),
  ]),
  swapKind: 'pool',
  read: concentrated(algebraSource),
}

/** By the name of the protocol. */
export const pyramidProtocols: ReadonlyMap<string, PyramidProtocol> = new Map<
  string,
  PyramidProtocol
>([
  [
    'uniswap-v2',
    {
      events: new Map([
        eventOf('PairCreated(address,address,address,uint256)', (log) =>
          poolOfTwo(log, 0),
        ),
      ]),
      lists: pairLists,
      swapKind: 'pair',
      read: readPairs,
    },
  ],
  [
    'solidly',
    {
      events: new Map([
        eventOf('PairCreated(address,address,bool,address,uint256)', (log) =>
          withCurve(poolOfTwo(log, 1), wordAt(log.data, 0)),
        ),
        eventOf('PoolCreated(address,address,bool,address,uint256)', (log) =>
          withCurve(poolOfTwo(log, 0), topicWord(log, 3)),
        ),
      ]),
      lists: [['allPoolsLength()', 'allPools(uint256)'], ...pairLists],
      swapKind: 'solidlyPair',
      read: readSolidlyPairs,
    },
  ],
  [
    'uniswap-v3',
    {
      events: new Map([v3Created]),
      swapKind: 'pool',
      read: concentrated(v3Source),
    },
  ],
  [
    'pancakeswap-v3',
    {
      events: new Map([v3Created]),
      swapKind: 'pool',
      read: concentrated(v3Source),
    },
  ],
  [
    'slipstream',
    {
      events: new Map([
        eventOf('PoolCreated(address,address,int24,address)', (log) =>
          poolOfTwo(log, 0),
        ),
      ]),
      lists: [['allPoolsLength()', 'allPools(uint256)']],
      swapKind: 'pool',
      read: concentrated(v3Source),
    },
  ],
  ['algebra-v1', algebra],
  ['algebra-integral', algebra],
  [
    'uniswap-v4',
    {
      events: new Map([
        eventOf(
          'Initialize(bytes32,address,address,uint24,int24,address,uint160,int24)',
          poolOfKey,
        ),
      ]),
      read: concentrated(uniswapV4Source),
    },
  ],
  [
    'balancer-v2',
    {
      events: new Map([
        eventOf('PoolRegistered(bytes32,address,uint8)', ({ topics }) => {
          const [, poolId] = topics
          const address = topicAddress(topics[2])
          return poolId && address ? { address, poolId } : undefined
        }),
      ]),
      read: readBalancerPools,
    },
  ],
])

/** How the pools of a DEX are found and read. @throws AdapterUnknownError */
export function protocolOf({
  protocol,
}: Pick<Dex, 'protocol'>): PyramidProtocol {
  const known = pyramidProtocols.get(protocol)
  if (known) return known
  throw new AdapterUnknownError('protocol', protocol, [
    ...pyramidProtocols.keys(),
  ])
}

/** The pool, where all that identifies it is known. */
export function foundPool(clue: Clue): FoundPool | undefined {
  const { tokens, reason: _, ...rest } = clue
  return tokens && { ...rest, tokens }
}

function concentrated(source: MakeTickSource): PyramidProtocol['read'] {
  return (reader, pools) => readConcentratedPools(reader, pools, source)
}

function eventOf(
  signature: string,
  read: (log: FoundLog) => Clue | undefined,
): [Hex, (log: FoundLog) => Clue | undefined] {
  return [keccakText(signature), read]
}

/** Tokens in the first two topics, the pool in a word of the data. */
function poolOfTwo(
  { topics, data }: FoundLog,
  place: number,
): Clue | undefined {
  const address = addressAt(data, place)
  const token0 = topicAddress(topics[1])
  const token1 = topicAddress(topics[2])
  return address && token0 && token1
    ? { address, tokens: [token0, token1] }
    : undefined
}

function withCurve(
  clue: Clue | undefined,
  stable: bigint | undefined,
): Clue | undefined {
  return clue && stable !== undefined
    ? { ...clue, isStable: stable === 1n }
    : undefined
}

function poolOfKey({ topics, data }: FoundLog): Clue | undefined {
  const address = topics[1]
  const token0 = topicAddress(topics[2])
  const token1 = topicAddress(topics[3])
  const [fee, spacing, hooks] = [
    wordAt(data, 0),
    wordAt(data, 1),
    addressAt(data, 2),
  ]
  if (
    !address ||
    !token0 ||
    !token1 ||
    fee === undefined ||
    spacing === undefined ||
    hooks === undefined
  )
    return undefined
  const reason =
    hooks !== zeroAddress
      ? 'it has hooks'
      : fee === BigInt(dynamicFee)
        ? 'its fee changes from swap to swap'
        : undefined
  return {
    address,
    tokens: [token0, token1],
    feePips: Number(fee),
    tickSpacing: Number(signed(spacing, 24)),
    ...(reason !== undefined && { reason }),
  }
}

function topicAddress(topic: Hex | undefined): Hex | undefined {
  return addressAt(topic, 0)
}

function topicWord({ topics }: FoundLog, place: number): bigint | undefined {
  return wordAt(topics[place], 0)
}
