import { rereadMarket } from '../adapters/feeds/pyramid/index.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { createProgress } from './progress.ts'
import { readMarket } from './readFile.ts'
import type { SnapshotChain } from './snapshotChain.ts'
import type { SnapshotOptions } from './snapshotOptions.ts'
import { bar } from './snapshotProgress.ts'
import { comparisonJson, comparisonText } from './snapshotReport.ts'

/** Holds a market file against the chain and prints what differs; whether nothing does. */
export async function verifySnapshot(
  { rpc, dexes, multicall3 }: SnapshotChain,
  file: string,
  { block, json }: SnapshotOptions,
  io: Io,
): Promise<boolean> {
  const market = await readMarket(file, io)
  const progress = createProgress(io)
  try {
    const comparison = await rereadMarket({
      rpc,
      market,
      dexes,
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
      json
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
