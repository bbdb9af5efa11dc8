import { cpuUsage } from 'node:process'
import { JsonRpcProvider } from 'ethers'
import { fetchMarket } from '../src/adapters/feeds/pyramid/index.ts'
import { createRpcPool } from '../src/adapters/feeds/rpc/index.ts'
import { parseAddress } from '../src/core/address.ts'
import type { Market } from '../src/market/market.ts'
import { createNodePost } from '../src/programs/nodePost.ts'
import {
  type AskAll,
  fiftyAtOnce,
  oneAfterAnother,
  type PlainMarket,
  type PlainPool,
  readMarketByCalls,
} from './peers/ethersCalls.ts'
import { median } from './support/measure.ts'
import { createPoolFarm, type PoolFarm } from './support/poolFarm.ts'
import { type Ask, CannotAsk } from './support/question.ts'
import { OutputsDifferError, requireEqual } from './support/verify.ts'

const size = { pairs: 5000, pools: 500, tokens: 101, positions: 6, seed: 42 }
const pools = size.pairs + size.pools
/** The peers take minutes for all of it: these parts of it are timed. */
const partOneByOne = 50
const partFifty = 10
const cpuRuns = 7
const mostCpuPercent = 20

/** How soon does the state of thousands of pools stand, read from a node, and who works for it? */
const ask: Ask = async () => {
  const farm = await createFarm()
  const { anvil, dexes, multicall3 } = farm
  const url = `http://127.0.0.1:${anvil.port}`
  const block = Number(await anvil.request('eth_blockNumber'))
  const urls = [new URL(url)]
  const { chainId } = anvil
  const post = createNodePost()
  const rpc = createRpcPool({ urls, chainId, batchSize: 1, post })
  const tickWords = Number.POSITIVE_INFINITY
  const fetched = () =>
    fetchMarket({ rpc, dexes, block, multicall3, tickWords })
  const providerOf = (batchMaxCount: number) =>
    new JsonRpcProvider(url, anvil.chainId, {
      staticNetwork: true,
      batchMaxCount,
    })
  // Where it may batch, ethers waits 10 ms for calls to come together.
  const [single, batching] = [providerOf(1), providerOf(100)]
  const [pairFactory, poolFactory] = dexes.map(({ address }) => address)
  const byCalls = (
    provider: JsonRpcProvider,
    askAll: AskAll,
    part: number,
  ): Promise<PlainMarket> =>
    readMarketByCalls(provider, pairFactory!, poolFactory!, {
      blockTag: block,
      askAll,
      pairs: size.pairs / part,
      pools: size.pools / part,
    })

  const { market, requests, leftOut } = await fetched()
  if (leftOut.length > 0) throw new Error(leftOut[0]!.reason)
  const figures = await measureCpu(fetched)
  const what = `${size.pairs} V2 and ${size.pools} V3 pools with all their ticks, of an anvil node on this machine`
  return [
    {
      title: `${what}: who works`,
      facts: [
        { name: 'requests', value: requests, unit: '' },
        { name: 'wall time', value: figures.wallMs, unit: 'ms' },
        { name: 'CPU time of APEX', value: figures.cpuMs, unit: 'ms' },
        {
          name: 'share of the wall time',
          value: figures.percent,
          unit: '%',
          atMost: mostCpuPercent,
        },
      ],
      notes: [
        `medians of ${cpuRuns} runs; CPU time is that of all threads of this process`,
      ],
    },
    {
      title: what,
      unit: 'pool',
      subject: {
        name: 'apex',
        operations: pools,
        run: async () => (await fetched()).market,
      },
      peers: [
        {
          name: 'ethers, a call at a time',
          operations: pools / partOneByOne,
          run: async () => await byCalls(single, oneAfterAnother, partOneByOne),
          maxRuns: 1,
          atLeast: 10,
        },
        {
          name: 'ethers, fifty calls at once',
          operations: pools / partFifty,
          run: async () => await byCalls(batching, fiftyAtOnce, partFifty),
          maxRuns: 1,
        },
      ],
      async verify() {
        requireSame(market, await byCalls(batching, fiftyAtOnce, 1))
      },
      notes: [
        'ethers puts calls that are made at once into one HTTP request; all at once end in time-outs',
        `timed are a ${partOneByOne}th and a ${partFifty}th of the pools by ethers, all of them by APEX`,
        'the outputs are compared first, all of them: every reserve, price, fee, tick and token',
      ],
      close() {
        single.destroy()
        batching.destroy()
        void anvil.stop()
      },
    },
  ]
}

export default ask

async function createFarm(): Promise<PoolFarm> {
  try {
    return await createPoolFarm(size)
  } catch (cause) {
    throw new CannotAsk('the pools cannot be made on a node here', { cause })
  }
}

async function measureCpu(run: () => Promise<unknown>): Promise<{
  readonly wallMs: number
  readonly cpuMs: number
  readonly percent: number
}> {
  const walls: number[] = []
  const cpus: number[] = []
  const percents: number[] = []
  for (let i = 0; i < cpuRuns; i++) {
    const startMs = performance.now()
    const before = cpuUsage()
    await run()
    const { user, system } = cpuUsage(before)
    const wallMs = performance.now() - startMs
    const cpuMs = (user + system) / 1000
    walls.push(wallMs)
    cpus.push(cpuMs)
    percents.push((100 * cpuMs) / wallMs)
  }
  return {
    wallMs: Math.round(median(walls)),
    cpuMs: Math.round(median(cpus)),
    percent: Math.round(median(percents)),
  }
}

/** @throws OutputsDifferError */
function requireSame(market: Market, plain: PlainMarket): void {
  requireEqual('pools', [market.pools.length], [plain.pools.length])
  for (const pool of plain.pools) {
    const ours = market.pool(pool.address)
    requireEqual(`pool ${pool.address}`, [linesOf(ours)], [linesOf(pool)])
  }
  for (const [address, { symbol, decimals }] of plain.tokens) {
    const token = market.token(address)
    requireEqual(
      `token ${address}`,
      [token.symbol, token.decimals],
      [symbol, decimals],
    )
  }
  if (plain.tokens.size !== market.tokens.length)
    throw new OutputsDifferError(
      'tokens',
      market.tokens.length,
      plain.tokens.size,
    )
}

/** What both tell of a pool. */
function linesOf(pool: PlainPool | Market['pools'][number]): string {
  const { address, tokens } = pool
  const state =
    'ticks' in pool
      ? [
          pool.feePips,
          pool.tickSpacing,
          pool.sqrtPriceX96,
          pool.tick,
          pool.liquidity,
          pool.ticks,
        ]
      : 'reserves' in pool
        ? [pool.reserves]
        : []
  return [parseAddress(address), ...tokens.map(parseAddress), ...state]
    .flat(3)
    .join()
}
