import { Contract, type EventLog, type JsonRpcProvider } from 'ethers'

/** A pool as {@link readMarketByCalls} finds it; what has no ticks is a pair. */
export type PlainPool = {
  readonly address: string
  readonly tokens: readonly [string, string]
  readonly reserves?: readonly [bigint, bigint]
  readonly feePips?: number
  readonly tickSpacing?: number
  readonly sqrtPriceX96?: bigint
  readonly tick?: number
  readonly liquidity?: bigint
  readonly ticks?: readonly (readonly [number, bigint])[]
}

/** Pools and tokens, in the order they were found in. */
export type PlainMarket = {
  readonly pools: readonly PlainPool[]
  readonly tokens: ReadonlyMap<
    string,
    { readonly symbol: string; readonly decimals: number }
  >
}

/** Asks one thing, or many things one after the other or at once. */
export type AskAll = <Item, Result>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Result>,
) => Promise<Result[]>

/** How {@link readMarketByCalls} reads, and how many of each kind: the oldest. */
export type CallOptions = {
  readonly blockTag: number
  readonly askAll: AskAll
  readonly pairs: number
  readonly pools: number
}

/** Each call waits for the one before it. */
export const oneAfterAnother: AskAll = async (items, ask) => {
  const results = []
  for (const item of items) results.push(await ask(item))
  return results
}

/**
 * Fifty at once: ethers puts what is asked at once into one HTTP request. All at
 * once would be simpler, and ends in time-outs.
 */
export const fiftyAtOnce: AskAll = async (items, ask) => {
  const results = []
  for (let i = 0; i < items.length; i += 50)
    results.push(...(await Promise.all(items.slice(i, i + 50).map(ask))))
  return results
}

const lowestTick = -887_272
const highestTick = 887_272

/**
 * Reads pools, tokens and tick maps as tutorials do with ethers: a contract
 * object each and a call for each thing one wants to know.
 */
export async function readMarketByCalls(
  provider: JsonRpcProvider,
  pairFactory: string,
  poolFactory: string,
  { blockTag, askAll, pairs: mostPairs, pools: mostPools }: CallOptions,
): Promise<PlainMarket> {
  const at = { blockTag }
  const factory = new Contract(
    pairFactory,
    [
      'function allPairsLength() view returns (uint256)',
      'function allPairs(uint256) view returns (address)',
    ],
    provider,
  )
  const length = Number(await factory.getFunction('allPairsLength')(at))
  const count = Math.min(length, mostPairs)
  const pairs = await askAll(
    Array.from({ length: count }, (_, i) => i),
    async (i): Promise<PlainPool> => {
      const address: string = await factory.getFunction('allPairs')(i, at)
      const pair = new Contract(address, pairAbi, provider)
      const token0: string = await pair.getFunction('token0')(at)
      const token1: string = await pair.getFunction('token1')(at)
      const [reserve0, reserve1] = await pair.getFunction('getReserves')(at)
      return {
        address,
        tokens: [token0, token1],
        reserves: [reserve0, reserve1],
      }
    },
  )
  const created = new Contract(
    poolFactory,
    [
      'event PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)',
    ],
    provider,
  )
  const logs = await created.queryFilter('PoolCreated', 0, blockTag)
  const made = logs.slice(0, mostPools) as EventLog[]
  const pools = await askAll(made, async ({ args }) => {
    const [token0, token1, fee, spacing, address] = args
    const contract = new Contract(address, poolAbi, provider)
    const [sqrtPriceX96, tick] = await contract.getFunction('slot0')(at)
    const liquidity: bigint = await contract.getFunction('liquidity')(at)
    const tickSpacing = Number(spacing)
    return {
      address,
      tokens: [token0, token1] as const,
      feePips: Number(fee),
      tickSpacing,
      sqrtPriceX96,
      tick: Number(tick),
      liquidity,
      ticks: await readTicks(contract, tickSpacing, at, askAll),
    }
  })
  const all: PlainPool[] = [...pairs, ...pools]
  const addresses = [...new Set(all.flatMap(({ tokens }) => tokens))]
  const tokens = await askAll(addresses, async (address) => {
    const token = new Contract(address, tokenAbi, provider)
    const symbol: string = await token.getFunction('symbol')(at)
    const decimals = Number(await token.getFunction('decimals')(at))
    return [address, { symbol, decimals }] as const
  })
  return { pools: all, tokens: new Map(tokens) }
}

async function readTicks(
  pool: Contract,
  spacing: number,
  at: { readonly blockTag: number },
  askAll: AskAll,
): Promise<(readonly [number, bigint])[]> {
  const wordOf = (tick: number): number => Math.floor(tick / spacing / 256)
  const first = wordOf(lowestTick)
  const words = Array.from(
    { length: wordOf(highestTick) - first + 1 },
    (_, i) => first + i,
  )
  const marked = await askAll(words, async (word) => {
    const bits: bigint = await pool.getFunction('tickBitmap')(word, at)
    const ticks: number[] = []
    for (let bit = 0; bit < 256; bit++)
      if ((bits >> BigInt(bit)) & 1n) ticks.push((word * 256 + bit) * spacing)
    return ticks
  })
  return await askAll(marked.flat(), async (tick) => {
    const [, liquidityNet] = await pool.getFunction('ticks')(tick, at)
    return [tick, liquidityNet as bigint] as const
  })
}

const pairAbi = [
  'function token0() view returns (address)',
  'function token1() view returns (address)',
  'function getReserves() view returns (uint112, uint112, uint32)',
]
const poolAbi = [
  'function slot0() view returns (uint160, int24, uint16, uint16, uint16, uint8, bool)',
  'function liquidity() view returns (uint128)',
  'function tickBitmap(int16) view returns (uint256)',
  'function ticks(int24) view returns (uint128, int128)',
]
const tokenAbi = [
  'function symbol() view returns (string)',
  'function decimals() view returns (uint8)',
]
