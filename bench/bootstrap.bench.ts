import { cpuUsage } from 'node:process'
import { FetchRequest, JsonRpcProvider } from 'ethers'
import { fetchMarket } from '../src/adapters/feeds/pyramid/index.ts'
import { createRpcPool } from '../src/adapters/feeds/rpc/index.ts'
import type { Market } from '../src/market/market.ts'
import {
  type AskAll,
  allAtOnce,
  oneAfterAnother,
  type PlainMarket,
  readMarketByCalls,
} from './peers/ethersCalls.ts'
import { createPoolFarm, type PoolFarm } from './support/poolFarm.ts'
import { type Ask, CannotAsk } from './support/question.ts'
import { requireEqual } from './support/verify.ts'

const size = { pairs: 5000, pools: 500, tokens: 101, positions: 6, seed: 42 }
const measured = 5
const mostCpuPercent = 20

/** How soon does the state of thousands of pools stand, read from a node, and who works for it? */
const ask: Ask = async () => {
  const farm = await createFarm()
  const { anvil, dexes, multicall3 } = farm
  const url = `http://127.0.0.1:${anvil.port}`
  const block = Number(await anvil.request('eth_blockNumber'))
  const rpc = createRpcPool({
    urls: [new URL(url)],
    chainId: anvil.chainId,
    batchSize: 1,
  })
  const fetched = () =>
    fetchMarket({
      rpc,
      dexes,
      block,
      multicall3,
      tickWords: Number.POSITIVE_INFINITY,
    })
  const provider = new JsonRpcProvider(new FetchRequest(url), anvil.chainId, {
    staticNetwork: true,
  })
  const [pairFactory, poolFactory] = dexes.map(({ address }) => address)
  const byCalls = (askAll: AskAll): Promise<PlainMarket> =>
    readMarketByCalls(provider, pairFactory!, poolFactory!, block, askAll)
  let requests = 0
  const shares: number[] = []
  return []
}

export default ask
