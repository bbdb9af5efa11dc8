import { nativeDecimals } from '../core/nativeCoins.ts'
import { formatAmount, groupThousands } from '../core/units.ts'
import type {
  Count,
  Participant,
  Share,
  SimulationSummary,
  SimulationTimes,
} from '../programs/simulate/summary.ts'
import type { Io } from './io.ts'
import { type Column, renderTable } from './table.ts'

const shownRoutes = 10
const left = (head: string): Column => ({ head, align: 'left' })
const right = (head: string): Column => ({ head, align: 'right' })

/** The end of a run for people; nothing in it is of the clock. */
export function summaryText(summary: SimulationSummary, io: Io): string {
  const { bold } = io.colors
  const blocks = groupThousands(summary.blocks)
  const title = `${blocks} blocks of chain ${summary.chainId}, ${groupThousands(summary.pools)} pools, ${groupThousands(summary.tokens)} tokens, seed ${summary.seed}${summary.stopped ? ', stopped early' : ''}`
  return [
    `${bold(title)}\n`,
    section(bold('opportunities'), funnel(summary)),
    countTable('skipped', summary.skipped, io),
    countTable('not landed', summary.revertReasons, io),
    section(bold('profit, in the native coin'), money(summary)),
    section(bold('predicted against real'), predictions(summary)),
    shareTable('lender', summary.byLender, io),
    shareTable('DEX', summary.byDex, io),
    shareTable('route', summary.byRoute.slice(0, shownRoutes), io),
    summary.participants.length > 1
      ? participantTable(summary.participants, io)
      : '',
    faults(summary),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

/** What of a run is of the clock, for stderr. */
export function timesText(
  times: SimulationTimes,
  { blocks }: SimulationSummary,
): string {
  const perSecond = (count: number, ms: number): string =>
    ms > 0 ? `${groupThousands(Math.round((count * 1000) / ms))}/s` : '-'
  return `set-up ${seconds(times.setUpMs)}, loop ${seconds(times.loopMs)} (${((blocks * 1000) / Math.max(1, times.loopMs)).toFixed(1)} blocks/s), searches ${groupThousands(times.searches)} (${perSecond(times.searches, times.searchMs)}), planned and simulated ${groupThousands(times.plans)} (${perSecond(times.plans, times.planMs)})\n`
}

/** Where the rows of the run are, for stderr. */
export function ledgerText(
  file: string,
  { name, abandoned }: { readonly name: string; readonly abandoned: number },
): string {
  const earlier =
    abandoned > 0
      ? `; ${groupThousands(abandoned)} open transactions of earlier runs ended as chain-gone`
      : ''
  return `ledger ${name} in ${file}${earlier}\n`
}

function funnel(
  summary: SimulationSummary,
): readonly (readonly [string, string])[] {
  const { userSwaps } = summary
  return [
    [
      "users' swaps",
      `${groupThousands(userSwaps.mined)}, ${groupThousands(userSwaps.reverted)} reverted`,
    ],
    ['opportunities', groupThousands(summary.opportunities)],
    ['planned', groupThousands(summary.planned)],
    ['sent', groupThousands(summary.sent)],
    ['landed', groupThousands(summary.landed)],
    ['reverted', groupThousands(summary.reverted)],
    ['dropped', groupThousands(summary.dropped)],
  ]
}

function money({
  money: sums,
  gasUsed,
}: SimulationSummary): readonly (readonly [string, string])[] {
  return [
    ['gross profit', coins(sums.grossProfit)],
    ['loan premium', coins(sums.premium)],
    ['gas', `${coins(sums.gas)} (${groupThousands(gasUsed)} units)`],
    ...(sums.l1DataFee > 0n
      ? [['L1 data fee', coins(sums.l1DataFee)] as const]
      : []),
    ...(sums.tip > 0n ? [['tip', coins(sums.tip)] as const] : []),
    ['net profit', coins(sums.netProfit)],
  ]
}

function predictions({
  predictions: of,
  stateChecks,
}: SimulationSummary): readonly (readonly [string, string])[] {
  return [
    [
      'landed, uncontested',
      `${groupThousands(of.equal)} of ${groupThousands(of.uncontested)} with exactly the predicted profit`,
    ],
    ['landed, contested', groupThousands(of.contested)],
    ['predicted net profit', coins(of.predictedNetProfit)],
    ['real net profit', coins(of.realNetProfit)],
    [
      'state against contracts',
      `${groupThousands(stateChecks.done)} checks, ${groupThousands(stateChecks.differences.length)} differences`,
    ],
  ]
}

function faults({ faults: own, stateChecks }: SimulationSummary): string {
  const lines = [
    ...own.map((fault) => `fault: ${fault}\n`),
    ...stateChecks.differences.map((fault) => `difference: ${fault}\n`),
  ]
  return lines.join('')
}

function section(
  title: string,
  entries: readonly (readonly [string, string])[],
): string {
  const width = Math.max(...entries.map(([name]) => name.length))
  return `${title}\n${entries.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join('')}`
}

function countTable(head: string, counts: readonly Count[], io: Io): string {
  if (counts.length === 0) return ''
  return renderTable(
    [left(head), right('times')],
    counts.map(({ name, count }) => [name, groupThousands(count)]),
    io,
  )
}

function shareTable(head: string, shares: readonly Share[], io: Io): string {
  if (shares.length === 0) return ''
  return renderTable(
    [left(head), right('trades'), right('net profit')],
    shares.map(({ name, trades, netProfit }) => [
      name,
      groupThousands(trades),
      coins(netProfit),
    ]),
    io,
  )
}

function participantTable(
  participants: readonly Participant[],
  io: Io,
): string {
  return renderTable(
    [
      left('who'),
      right('sent'),
      right('landed'),
      right('reverted'),
      right('net profit'),
    ],
    participants.map(({ name, sent, landed, reverted, netProfit }) => [
      name,
      groupThousands(sent),
      groupThousands(landed),
      groupThousands(reverted),
      coins(netProfit),
    ]),
    io,
  )
}

function coins(wei: bigint): string {
  return formatAmount(wei, nativeDecimals)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
