import { Command } from 'commander'
import { groupThousands } from '../core/units.ts'
import type { ConcentratedState } from '../engine/poolState.ts'
import { maxTick, minTick } from '../engine/reference/tickMath.ts'
import type { Market } from '../market/market.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { readMarket } from './readFile.ts'
import { renderTable } from './table.ts'

const hubCount = 10

type Options = { readonly json?: true }

/** `apex market info`: what a market file holds. */
export function marketInfoCommand(io: Io): Command {
  return new Command('info')
    .description('tell what a market file holds')
    .argument('<file>', 'market file, .jsonl or .jsonl.gz')
    .option('--json', 'print JSON')
    .action(async (file: string, options: Options) => {
      const info = marketInfo(await readMarket(file, io))
      io.stdout(options.json ? toJson(info) : infoText(info, io))
    })
}

type MarketInfo = ReturnType<typeof marketInfo>

function marketInfo(market: Market) {
  const kinds = new Map<string, number>()
  for (const { dex, family } of market.pools) {
    const kind = `${dex} ${family}`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const blocks = market.pools.flatMap((pool) => pool.blockNumber ?? [])
  const hubs = market.tokens
    .map((token) => ({ ...token, pools: market.degree(token) }))
    .sort((a, b) => b.pools - a.pools)
    .slice(0, hubCount)
  return {
    chainId: market.chainId,
    blockNumber: market.blockNumber,
    notes: market.notes,
    tokens: market.tokens.length,
    pools: market.pools.length,
    dexes: [...kinds]
      .sort(([, a], [, b]) => b - a)
      .map(([kind, pools]) => {
        const [dex, family] = kind.split(' ')
        return { dex, family, pools }
      }),
    wrappedNative: market.wrappedNative?.address ?? null,
    poolBlocks:
      blocks.length === 0
        ? null
        : {
            oldest: blocks.reduce((a, b) => Math.min(a, b)),
            newest: blocks.reduce((a, b) => Math.max(a, b)),
          },
    hubs,
    ticks: tickCoverage(market),
  }
}

/** How far the tick maps of the concentrated pools are known. */
function tickCoverage(market: Market) {
  const states = market.pools.filter(
    (pool): pool is typeof pool & ConcentratedState =>
      pool.family === 'concentrated',
  )
  const widths = states
    .map(({ knownTicks: [from, to] }) => to - from)
    .sort((a, b) => a - b)
  return {
    pools: states.length,
    wholeScale: states.filter(
      ({ knownTicks: [from, to], tickSpacing }) =>
        from - minTick < tickSpacing && maxTick - to < tickSpacing,
    ).length,
    medianKnownWidth: widths[widths.length >> 1] ?? null,
    initialised: states.reduce((sum, { ticks }) => sum + ticks.length, 0),
  }
}

function infoText(info: MarketInfo, io: Io): string {
  const { bold } = io.colors
  const count = groupThousands
  const notes = Object.entries(info.notes).map(
    ([name, value]) =>
      `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const { poolBlocks, ticks } = info
  const facts = [
    bold(`chain ${info.chainId}, block ${info.blockNumber}`),
    ...notes,
    `${count(info.pools)} pools, ${count(info.tokens)} tokens`,
    ...(poolBlocks
      ? [`pool states of ${blockRange(poolBlocks.oldest, poolBlocks.newest)}`]
      : []),
    ...(ticks.pools > 0
      ? [
          `ticks: ${count(ticks.initialised)} initialised in ${count(ticks.pools)} concentrated pools; ${count(ticks.wholeScale)} of them known on the whole scale, the median over ${count(ticks.medianKnownWidth ?? 0)} ticks`,
        ]
      : []),
    `wrapped native coin: ${info.wrappedNative ?? 'none in this market'}`,
  ]
  return [
    `${facts.join('\n')}\n`,
    renderTable(
      [
        { head: 'dex', align: 'left' },
        { head: 'family', align: 'left' },
        { head: 'pools', align: 'right' },
      ],
      info.dexes.map(({ dex, family, pools }) => [dex!, family!, count(pools)]),
      io,
    ),
    renderTable(
      [
        { head: 'token', align: 'left' },
        { head: 'address', align: 'left' },
        { head: 'pools', align: 'right' },
      ],
      info.hubs.map(({ symbol, address, pools }) => [
        symbol,
        address,
        count(pools),
      ]),
      io,
    ),
  ].join('\n')
}

function blockRange(oldest: number, newest: number): string {
  return oldest === newest ? `block ${oldest}` : `blocks ${oldest} to ${newest}`
}
