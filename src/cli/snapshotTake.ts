import {
  type FetchedMarket,
  type FetchOptions,
  type FetchProgress,
  fetchMarkets,
  type TokenCheckOptions,
} from '../adapters/feeds/pyramid/index.ts'
import { PackageMissingError } from '../core/packageMissing.ts'
import { writeMarketFile } from '../market/marketFile.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { createProgressLines, type Progress } from './progress.ts'
import type { AskedChain, SnapshotChain } from './snapshotChain.ts'
import { type FileJournal, openJournal } from './snapshotJournal.ts'
import { defaultPoolsLimit, type SnapshotOptions } from './snapshotOptions.ts'
import { fetchProgressText } from './snapshotProgress.ts'
import {
  failedLines,
  fetchedJson,
  fetchedText,
  type Taken,
} from './snapshotReport.ts'

/** A chain that could not be read, and why. */
export type ChainFailure = {
  readonly chain: AskedChain
  readonly error: unknown
}

/** What became of the chains. */
export type SnapshotsEnd = {
  readonly failures: readonly ChainFailure[]
  /** Whether nothing is missing or different where a chain could be read. */
  readonly isWhole: boolean
}

/**
 * Reads the pools of chains into market files, four chains at once, going on
 * from what an interrupted run left beside each file; what was read and what
 * was left out is printed as soon as a chain is done.
 */
export async function takeSnapshots(
  chains: readonly AskedChain[],
  options: SnapshotOptions,
  io: Io,
): Promise<SnapshotsEnd> {
  const failures: ChainFailure[] = []
  const jobs: Job[] = []
  for (const chain of chains)
    try {
      jobs.push(await openJob(chain, options))
    } catch (error) {
      failures.push({ chain, error })
    }
  const lines = createProgressLines(io)
  const views = jobs.map(({ chain, file }) => {
    const label = chains.length > 1 ? `${chain.name}: ` : ''
    const tell = (text: string) =>
      lines.aside(() => io.stderr(`${file}.progress: ${text}\n`))
    return { ...progressOf(lines.open(), label), onNotice: tell }
  })
  const results = await fetchMarkets(
    jobs.map(({ fetch }, place) => {
      const { onProgress, onNotice } = views[place]!
      return { ...fetch, onProgress, onNotice }
    }),
    async (market, place) => {
      const taken = await write(jobs[place]!, market, views[place]!)
      lines.aside(() => report(taken, options, io))
      return taken.failedDexes.length === 0
    },
  )
  for (const [place, result] of results.entries())
    if (result.status === 'rejected')
      failures.push({ chain: jobs[place]!.chain, error: result.reason })
  const isWhole = results.every(
    (result) => result.status === 'rejected' || result.value,
  )
  return { failures, isWhole }
}

/** A chain whose nodes and journal are open. */
type Job = {
  readonly chain: AskedChain
  readonly chainId: number
  readonly file: string
  readonly journal: FileJournal
  readonly fetch: FetchOptions
}

async function openJob(
  asked: AskedChain,
  options: SnapshotOptions,
): Promise<Job> {
  const chain = await asked.open()
  const { chainId, rpc, dexes } = chain
  const file = options.out ?? chain.market
  if (file === undefined)
    throw new UsageError('give either --out FILE or --verify FILE')
  const tokenCheck = options.tokenChecks ? await openCheck(chain) : undefined
  const journal = await openJournal(`${file}.progress`)
  const fetch = {
    ...fetchOptions(chain, options),
    rpc,
    dexes,
    journal,
    ...(tokenCheck && { tokenCheck }),
  }
  return { chain: asked, chainId, file, journal, fetch }
}

type View = {
  onProgress(at: FetchProgress): void
  tell(text: string): void
  end(): void
}

function progressOf(line: Progress, label: string): View {
  const stages = new Map<string, FetchProgress>()
  return {
    onProgress(at) {
      stages.set(at.dex ?? '', at)
      line.show(() => label + fetchProgressText(at, stages))
    },
    tell: (text) => line.show(() => label + text),
    end: () => line.end(),
  }
}

/** Writes a market's file once it is read. */
async function write(
  { chainId, file, journal }: Job,
  market: Promise<FetchedMarket>,
  view: View,
): Promise<Taken> {
  const startMs = performance.now()
  try {
    const fetched = await market
    view.tell(`writing ${file}`)
    await writeMarketFile(file, fetched.market)
    await journal.remove()
    const seconds = (performance.now() - startMs) / 1000
    return { ...fetched, file, chainId, seconds }
  } finally {
    view.end()
  }
}

function report(taken: Taken, { json }: SnapshotOptions, io: Io): void {
  io.stdout(json ? toJson(fetchedJson(taken)) : fetchedText(taken, io))
  for (const line of failedLines(taken)) io.stderr(line)
}

/** Said before hours of reading, not after them. */
async function openCheck({
  rpc,
  knownTokens: known,
}: SnapshotChain): Promise<TokenCheckOptions> {
  // Only here: they bring along all that runs contracts.
  const { checkEmbeddedChain } = await import('../adapters/evm/index.ts')
  try {
    await checkEmbeddedChain()
  } catch (error) {
    if (!(error instanceof PackageMissingError)) throw error
    throw new UsageError(
      'tokens cannot be tried out: @nomicfoundation/edr is not installed',
      {
        cause: error,
        hint: 'npm install @nomicfoundation/edr, or leave traps in: --no-token-checks',
      },
    )
  }
  const { openTokenTrials } = await import('../programs/openTokenTrials.ts')
  return { open: openTokenTrials(rpc), known }
}

function fetchOptions(
  { multicall3, wrappedNative }: SnapshotChain,
  options: SnapshotOptions,
) {
  const { block, tickWords, discovery, fromBlock } = options
  return {
    poolsPerDex: options.poolsLimit ?? defaultPoolsLimit,
    ...(block !== undefined && { block }),
    ...(tickWords !== undefined && { tickWords }),
    ...(discovery && { discovery }),
    ...(fromBlock !== undefined && { fromBlock }),
    ...(multicall3 && { multicall3 }),
    ...(wrappedNative && { wrappedNative }),
  }
}
