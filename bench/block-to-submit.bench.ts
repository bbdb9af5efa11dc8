import {
  type ChainBlockReport,
  type StageTimes,
  stages,
} from '../src/programs/bot/options.ts'
import {
  createLiveStage,
  type LiveStage,
  startStageBot,
} from './support/liveStage.ts'
import { quantile } from './support/measure.ts'
import {
  type Ask,
  CannotAsk,
  type Fact,
  type Facts,
} from './support/question.ts'

const { APEX_BENCH_BLOCKS } = process.env
const pools = 5000
/** The others are known to the bot alone: to deploy all takes many minutes. */
const genuinePools = 400
const blocks = Number(APEX_BENCH_BLOCKS ?? 60)
const changedPools = 100
const warmUpBlocks = 15
const mostMs = { total: 25, own: 3 } as const

/** How long is it from a block's arrival to the transactions it led to? */
const ask: Ask = async () => {
  const stage = await createStage()
  try {
    return [await followed(stage, 'whole'), await followed(stage, 'topics')]
  } finally {
    await stage.anvil.stop()
  }
}

export default ask

/** What a bot that reads a block's logs in this way took for its stages. */
async function followed(
  stage: LiveStage,
  logs: 'whole' | 'topics',
): Promise<Facts> {
  const bot = await startStageBot(stage, pools, logs)
  const reports: ChainBlockReport[] = []
  for (let i = 0; i < warmUpBlocks + blocks; i++) {
    const report = await bot.through(() => stage.tradeIn(changedPools))
    if (i >= warmUpBlocks) reports.push(report)
  }
  const { sent, landed, reverted } = await bot.stop()
  const changed = reports.map(({ poolsChanged }) => poolsChanged)
  const least = Math.min(...changed)
  if (least < changedPools)
    throw new Error(`a block changed ${least} pools, not ${changedPools}`)
  const sending = reports.filter((report) => report.sent > 0)
  const ms = (of: (times: StageTimes) => number): number[] =>
    sending.map(({ latencyMs }) => of(latencyMs))
  const own = ms(({ apply, scan }) => apply + scan)
  const transactions = sum(sending.map((report) => report.sent))
  return {
    title: `from a block with ${changedPools} changed pools of ${pools.toLocaleString('en')} to submitted transactions, on anvil, logs = '${logs}'`,
    facts: [
      ...figures(
        'block to submitted',
        ms(({ total }) => total),
        mostMs.total,
      ),
      ...figures('decode, apply, scan, settle exactly', own, mostMs.own),
      ...stages.flatMap((name) =>
        figures(
          name,
          ms((times) => times[name]),
        ),
      ),
      { name: 'pools changed, least', value: least, unit: '' },
      { name: 'pools changed, most', value: Math.max(...changed), unit: '' },
      { name: 'blocks', value: reports.length, unit: 'blocks' },
      { name: 'with transactions', value: sending.length, unit: 'blocks' },
      { name: 'transactions', value: transactions, unit: 'sent' },
    ],
    notes: [
      `${genuinePools} pools are genuine contracts (Uniswap V2, V3 and V4, SushiSwap, PancakeSwap V3), and only these trade; the others are in market and engine alone`,
      `the ${(pools - genuinePools).toLocaleString('en')} others are priced to agree: they are searched, and no opportunity leads through them; cycles of 2 and 3 hops are searched (maxHops: 3)`,
      `${sent} sent in all, warm-up included: ${landed} landed, ${reverted} reverted (users trade in the same blocks)`,
      logs === 'whole'
        ? "read: all logs and all receipts of the block, as by default; most of it is anvil's making the receipts"
        : 'read: the logs that matter, twice',
    ],
  }
}

async function createStage(): Promise<LiveStage> {
  try {
    return await createLiveStage({
      pools: genuinePools,
      tokens: Math.ceil(genuinePools / 5),
    })
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    throw code === 'PACKAGE_MISSING' ? new CannotAsk(message) : error
  }
}

/** Median and 95th percentile. */
function figures(name: string, ms: number[], atMost?: number): Fact[] {
  const sorted = ms.sort((a, b) => a - b)
  const at = (share: number): number =>
    Number(quantile(sorted, share).toFixed(2))
  return [
    {
      name: `${name}, p50`,
      value: at(0.5),
      unit: 'ms',
      ...(atMost !== undefined && { atMost }),
    },
    { name: `${name}, p95`, value: at(0.95), unit: 'ms' },
  ]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
