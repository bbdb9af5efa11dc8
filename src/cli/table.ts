import stringWidth from 'string-width'
import type { Io } from './io.ts'

/** One column: its heading and to which side its cells lean. */
export type Column = {
  readonly head: string
  readonly align: 'left' | 'right'
}

const gap = '  '
/** Text whose characters take one column each. */
const plain = /^[\x20-\x7e→…]*$/

/** A cell's lines are parted by `\n`. Where the table is wider than the terminal, each row becomes a list of its cells. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  io: Io,
): string {
  const heads = columns.map(({ head }) => [io.colors.bold(head)])
  const lines = [heads, ...rows.map((row) => row.map(linesOf))]
  const widths = columns.map((_, i) =>
    lines.reduce((most, cells) => Math.max(most, ...cells[i]!.map(widthOf)), 0),
  )
  const width = widths.reduce((sum, one) => sum + gap.length + one)
  if (io.columns !== undefined && width > io.columns)
    return renderList(columns, rows, io)
  return lines.map((cells) => renderRow(cells, columns, widths)).join('')
}

function renderRow(
  cells: readonly (readonly string[])[],
  columns: readonly Column[],
  widths: readonly number[],
): string {
  const height = Math.max(...cells.map((lines) => lines.length))
  let text = ''
  for (let y = 0; y < height; y++) {
    const padded = columns.map(({ align }, i) => {
      const line = cells[i]![y] ?? ''
      const space = ' '.repeat(widths[i]! - widthOf(line))
      return align === 'right' ? space + line : line + space
    })
    text += `${padded.join(gap).trimEnd()}\n`
  }
  return text
}

/** `head  value` below each other, a blank line between rows. */
function renderList(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  io: Io,
): string {
  const width = Math.max(...columns.map(({ head }) => widthOf(head)))
  return rows
    .map((row) =>
      row
        .flatMap((cell, i) =>
          linesOf(cell).map((line, y) => {
            const head = y === 0 ? columns[i]!.head : ''
            const space = ' '.repeat(width - widthOf(head))
            return `${io.colors.bold(head)}${space}${gap}${line}\n`
          }),
        )
        .join(''),
    )
    .join('\n')
}

function linesOf(cell: string): string[] {
  return cell.split('\n')
}

/** Columns of a terminal that a text takes: symbols may be anything. */
function widthOf(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text)
}
