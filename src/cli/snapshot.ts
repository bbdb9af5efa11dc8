import { Command } from 'commander'
import {
  type Discovery,
  type FetchedMarket,
  type FetchProgress,
  fetchMarket,
  type LeftOut,
  rereadMarket,
} from '../adapters/feeds/pyramid/index.ts'
import type { Hex } from '../core/hex.ts'
import { groupThousands } from '../core/units.ts'
import { writeMarketFile } from '../market/marketFile.ts'
import { address, list, oneOf, wholeNumber } from './arguments.ts'
import { exitCodes, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { createProgress } from './progress.ts'
import { readMarket } from './readFile.ts'
import { openJournal } from './snapshotJournal.ts'
import {
  chosenDexes,
  type GivenDex,
  givenDex,
  openNode,
  type SnapshotNode,
} from './snapshotNode.ts'
import { comparisonJson, comparisonText } from './snapshotReport.ts'
import { renderTable } from './table.ts'

type Options = {
  readonly rpc: readonly string[]
  readonly chain?: number
  readonly dex?: readonly string[]
  readonly addDex?: readonly GivenDex[]
  readonly block?: number | 'latest'
  readonly out?: string
  readonly verify?: string
  readonly poolsLimit?: number
  readonly tickWords?: number
  readonly discovery?: Discovery
  readonly fromBlock?: number
  readonly multicall3?: Hex
  readonly wrappedNative?: Hex
  readonly json?: true
}

const barWidth = 24

/** `apex snapshot`: the pools of a chain as a market file, or a market file held against the chain. */
export function snapshotCommand(
  io: Io,
  setExitCode: (code: number) => void,
): Command {
  return new Command('snapshot')
    .description('read the pools of a chain into a market file, or verify one')
    .requiredOption(
      '--rpc <url>',
      'node: an http or https URL, env:NAME or file:PATH; may be given several times',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      '--chain <id>',
      'chain the nodes must be of (default: what the first one says)',
      wholeNumber('--chain', 1),
    )
    .option('--dex <names>', 'DEXes (default: all known)', list('--dex'))
    .option(
      '--add-dex <dex>',
      'a DEX that is in no list: NAME,PROTOCOL,ADDRESS[,FEE_PIPS]; may be given several times',
      givenDex,
    )
    .option('--block <number>', 'block all is read at (default: latest)', block)
    .option('--out <file>', 'market file to write, .jsonl or .jsonl.gz')
    .option('--verify <file>', 'market file to hold against the chain')
    .option(
      '--pools-limit <count>',
      'pools of each DEX at most, the oldest',
      wholeNumber('--pools-limit', 1),
    )
    .option(
      '--tick-words <count>',
      "words of a pool's tick bitmap at most, or all (default: 256)",
      tickWords,
    )
    .option(
      '--discovery <way>',
      "where pools are looked for: the factory's list, its logs, or auto",
      oneOf('--discovery', ['auto', 'list', 'logs'] as const),
    )
    .option(
      '--from-block <number>',
      'first block whose logs are read for pools',
      wholeNumber('--from-block', 0),
    )
    .option(
      '--multicall3 <address>',
      'Multicall3, where it is not at its usual address',
      address('--multicall3'),
    )
    .option(
      '--wrapped-native <address>',
      "the chain's wrapped native coin (default: the known one)",
      address('--wrapped-native'),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
An interrupted run leaves FILE.progress; the same command goes on from there, at
the same block. --verify reads the file's pools at the file's block (or at
--block), lists what differs and exits 1 where anything does.

Examples:
  $ apex snapshot --rpc env:BASE_RPC --dex uniswap-v2,uniswap-v3 --pools-limit 2000 --out base.jsonl.gz
  $ apex snapshot --rpc env:BASE_RPC --verify base.jsonl.gz`,
    )
    .action(async (options: Options) => {
      const { out, verify } = options
      if ((out === undefined) === (verify === undefined))
        throw new UsageError('give either --out FILE or --verify FILE')
      const node = await openNode(options.rpc, options.chain)
      if (out !== undefined) await take(node, options, out, io)
      else if (!(await verifies(node, options, verify!, io)))
        setExitCode(exitCodes.failed)
    })
}

async function take(
  { rpc, chainId }: SnapshotNode,
  options: Options,
  out: string,
  io: Io,
): Promise<void> {
  const dexes = chosenDexes(chainId, options.dex, options.addDex ?? [])
  const journal = await openJournal(`${out}.progress`)
  const progress = createProgress(io)
  const how = new Map<string, FetchProgress>()
  const startMs = performance.now()
  let fetched: FetchedMarket
  try {
    fetched = await fetchMarket({
      ...fetchOptions(options),
      rpc,
      dexes,
      journal,
      onProgress: (at) => {
        how.set(at.dex ?? '', at)
        progress.show(() => progressText(at, how))
      },
    })
    progress.show(() => `writing ${out}`)
    await writeMarketFile(out, fetched.market)
  } finally {
    progress.end()
  }
  await journal.remove()
  const { market, leftOut, requests } = fetched
  const seconds = (performance.now() - startMs) / 1000
  if (options.json) {
    io.stdout(
      toJson({
        file: out,
        chainId,
        blockNumber: market.blockNumber,
        blockHash: market.blockHash,
        pools: market.pools.length,
        tokens: market.tokens.length,
        requests,
        seconds,
        leftOut,
      }),
    )
    return
  }
  io.stdout(
    [
      `${groupThousands(market.pools.length)} pools and ${groupThousands(market.tokens.length)} tokens of chain ${chainId} at block ${market.blockNumber}: ${out}\n`,
      `${groupThousands(requests)} requests in ${seconds.toFixed(1)} s\n`,
      leftOutTable(leftOut, io),
    ].join(''),
  )
}

async function verifies(
  { rpc, chainId }: SnapshotNode,
  options: Options,
  file: string,
  io: Io,
): Promise<boolean> {
  const market = await readMarket(file, io)
  const { block, multicall3 } = options
  const progress = createProgress(io)
  try {
    const comparison = await rereadMarket({
      rpc,
      market,
      dexes: chosenDexes(chainId, options.dex, options.addDex ?? []),
      ...(block !== undefined && { block }),
      ...(multicall3 && { multicall3 }),
      onProgress: (done, total) =>
        progress.show(() => `comparing ${bar(done, total)}`),
    })
    if (comparison.compared === 0)
      throw new UsageError(`${file}: none of its pools is of these DEXes`, {
        hint: 'nothing was compared; name them with --dex or --add-dex',
      })
    progress.end()
    io.stdout(
      options.json
        ? toJson(comparisonJson(comparison))
        : comparisonText(file, comparison),
    )
    return (
      comparison.differences.length === 0 && comparison.replacedBy === undefined
    )
  } finally {
    progress.end()
  }
}

function fetchOptions(options: Options) {
  const { poolsLimit, block, tickWords, discovery } = options
  const { fromBlock, multicall3, wrappedNative } = options
  return {
    ...(poolsLimit !== undefined && { poolsPerDex: poolsLimit }),
    ...(block !== undefined && { block }),
    ...(tickWords !== undefined && { tickWords }),
    ...(discovery && { discovery }),
    ...(fromBlock !== undefined && { fromBlock }),
    ...(multicall3 && { multicall3 }),
    ...(wrappedNative && { wrappedNative }),
  }
}

/** The stage now, over all DEXes that are in it. */
function progressText(
  { stage }: FetchProgress,
  how: ReadonlyMap<string, FetchProgress>,
): string {
  const now = [...how.values()].filter((at) => at.stage === stage)
  const done = now.reduce((sum, at) => sum + at.done, 0)
  const total = now.reduce((sum, at) => sum + at.total, 0)
  const names = now.flatMap((at) =>
    at.dex !== undefined && at.done < at.total ? [at.dex] : [],
  )
  return `${stageNames[stage]} ${bar(done, total)} ${names.join(', ')}`
}

const stageNames = {
  find: 'looking for pools: blocks',
  tokens: 'reading tokens',
  pools: 'reading pools',
  trials: 'buying and selling tokens',
} as const

function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.floor((barWidth * done) / total)
  return `[${'#'.repeat(filled).padEnd(barWidth, '.')}] ${groupThousands(done)} of ${groupThousands(total)}`
}

function leftOutTable(leftOut: readonly LeftOut[], io: Io): string {
  if (leftOut.length === 0) return ''
  const counts = new Map<string, number>()
  for (const { dex, reason } of leftOut) {
    const key = JSON.stringify([dex ?? '', reason])
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const rows = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => {
      const [dex, reason] = JSON.parse(key) as [string, string]
      return [dex || 'token', groupThousands(count), reason]
    })
  return `\n${renderTable(
    [
      { head: 'left out of', align: 'left' },
      { head: 'count', align: 'right' },
      { head: 'because', align: 'left' },
    ],
    rows,
    io,
  )}`
}

function block(text: string): number | 'latest' {
  return text === 'latest' ? text : wholeNumber('--block', 0)(text)
}

function tickWords(text: string): number {
  return text === 'all'
    ? Number.POSITIVE_INFINITY
    : wholeNumber('--tick-words', 1)(text)
}
