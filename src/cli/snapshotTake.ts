import {
  type FetchedMarket,
  type FetchProgress,
  fetchMarket,
  type TokenCheckOptions,
} from '../adapters/feeds/pyramid/index.ts'
import { PackageMissingError } from '../core/packageMissing.ts'
import { writeMarketFile } from '../market/marketFile.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { createProgress } from './progress.ts'
import type { SnapshotChain } from './snapshotChain.ts'
import { openJournal } from './snapshotJournal.ts'
import { defaultPoolsLimit, type SnapshotOptions } from './snapshotOptions.ts'
import { fetchProgressText } from './snapshotProgress.ts'
import {
  failedLines,
  fetchedJson,
  fetchedText,
  type Taken,
} from './snapshotReport.ts'

/**
 * Reads a chain's pools into a market file, going on from what an interrupted
 * run left beside it, and prints what was read and what was left out; whether
 * every DEX could be read.
 */
export async function takeSnapshot(
  chain: SnapshotChain,
  file: string,
  options: SnapshotOptions,
  io: Io,
): Promise<boolean> {
  const { chainId, rpc, dexes } = chain
  const tokenCheck = options.tokenChecks ? await openCheck(chain) : undefined
  const journal = await openJournal(`${file}.progress`)
  const progress = createProgress(io)
  const stages = new Map<string, FetchProgress>()
  const startMs = performance.now()
  let fetched: FetchedMarket
  try {
    fetched = await fetchMarket({
      ...fetchOptions(chain, options),
      rpc,
      dexes,
      journal,
      ...(tokenCheck && { tokenCheck }),
      onProgress: (at) => {
        stages.set(at.dex ?? '', at)
        progress.show(() => fetchProgressText(at, stages))
      },
    })
    progress.show(() => `writing ${file}`)
    await writeMarketFile(file, fetched.market)
  } finally {
    progress.end()
  }
  await journal.remove()
  const seconds = (performance.now() - startMs) / 1000
  const taken: Taken = { ...fetched, file, chainId, seconds }
  io.stdout(options.json ? toJson(fetchedJson(taken)) : fetchedText(taken, io))
  for (const line of failedLines(taken)) io.stderr(line)
  return taken.failedDexes.length === 0
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
  const { openTokenTrials } = await import(
    '../programs/tokenTrials/openTokenTrials.ts'
  )
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
