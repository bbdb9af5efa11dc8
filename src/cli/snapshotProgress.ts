import type { FetchProgress } from '../adapters/feeds/pyramid/index.ts'
import { groupThousands } from '../core/units.ts'

const barWidth = 24

const stageNames = {
  find: 'looking for pools: blocks',
  tokens: 'reading tokens',
  pools: 'reading pools',
  trials: 'buying and selling tokens',
} as const

/** The stage now, over all DEXes that are in it. */
export function fetchProgressText(
  { stage }: FetchProgress,
  stages: ReadonlyMap<string, FetchProgress>,
): string {
  const now = [...stages.values()].filter((at) => at.stage === stage)
  const done = now.reduce((sum, at) => sum + at.done, 0)
  const total = now.reduce((sum, at) => sum + at.total, 0)
  const names = now.flatMap((at) =>
    at.dex !== undefined && at.done < at.total ? [at.dex] : [],
  )
  return `${stageNames[stage]} ${bar(done, total)} ${names.join(', ')}`
}

/** How far a piece of work is. */
export function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.floor((barWidth * done) / total)
  return `[${'#'.repeat(filled).padEnd(barWidth, '.')}] ${groupThousands(done)} of ${groupThousands(total)}`
}
