import picocolors from 'picocolors'
import { nativeDecimals } from '../core/nativeCoins.ts'
import { formatAmount, groupThousands } from '../core/units.ts'
import type { BlockReport } from '../programs/simulate/options.ts'
import type { Io } from './io.ts'
import { type Column, renderTable } from './table.ts'

/** A table on stderr that stays in its place while blocks go by. */
export type LiveTable = {
  showStep(step: string): void
  showBlock(report: BlockReport): void
  /** Takes the table away. */
  end(): void
}

const plainColors = picocolors.createColors(false)
const shownBlocks = 8
const periodMs = 100
const clearDown = '\r\u001b[J'

const columns: readonly Column[] = [
  { head: 'block', align: 'right' },
  { head: 'pools changed', align: 'right' },
  { head: 'found', align: 'right' },
  { head: 'sent', align: 'right' },
  { head: 'landed', align: 'right' },
  { head: 'profit', align: 'right' },
  { head: 'gas', align: 'right' },
]

/** Silent where stderr is no terminal. */
export function createLiveTable(io: Io, blocks: number): LiveTable {
  const { stderrColumns } = io
  if (stderrColumns === undefined)
    return { showStep: () => {}, showBlock: () => {}, end: () => {} }
  const recent: BlockReport[] = []
  let lines = 0
  let isShown = false
  let nextMs = 0
  const replace = (text: string): void => {
    const up = lines > 0 ? `\u001b[${lines}A` : ''
    lines = text.split('\n').length - 1
    isShown = text !== ''
    io.stderr(up + clearDown + text)
  }
  return {
    showStep: (step) => {
      replace(`${step.slice(0, stderrColumns - 1)}\n`)
    },
    showBlock: (report) => {
      recent.push(report)
      if (recent.length > shownBlocks) recent.shift()
      const now = performance.now()
      if (now < nextMs && report.index < blocks) return
      nextMs = now + periodMs
      replace(
        renderTable(columns, [...recent.map(row), totalsRow(report, blocks)], {
          ...io,
          columns: undefined,
          // Codes would be cut in two at the edge of the terminal.
          colors: plainColors,
        })
          .split('\n')
          .map((line) => line.slice(0, stderrColumns - 1))
          .join('\n'),
      )
    },
    end: () => {
      if (isShown) replace('')
    },
  }
}

function row(report: BlockReport): string[] {
  const { blockNumber, poolsChanged, found, sent, landed } = report
  return [
    groupThousands(blockNumber),
    ...[poolsChanged, found, sent, landed].map(groupThousands),
    coins(report.netProfit),
    coins(report.gas),
  ]
}

function totalsRow({ index, totals }: BlockReport, blocks: number): string[] {
  return [
    `${groupThousands(index)} of ${groupThousands(blocks)}`,
    '',
    ...[totals.found, totals.sent, totals.landed].map(groupThousands),
    coins(totals.netProfit),
    coins(totals.gas),
  ]
}

function coins(wei: bigint): string {
  return formatAmount(wei, nativeDecimals, 4)
}
