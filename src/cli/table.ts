import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import type { Io } from './io.ts'

/** One column: its heading and to which side its cells lean. */
export type Column = {
  readonly head: string
  readonly align: 'left' | 'right'
}

const noBorder = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const

/** A table has at most this many rows, then comes the next with a head of its own: the time cli-table3 takes grows with their square, and it fails on very many. */
const tableRows = 1000

/** A cell's lines are parted by `\n`. Where the table is wider than the terminal, each row becomes a list of its cells. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  io: Io,
): string {
  let text = ''
  for (let i = 0; i < rows.length; i += tableRows)
    text += renderRows(columns, rows.slice(i, i + tableRows), io)
  return io.columns !== undefined && widthOf(text) > io.columns
    ? renderList(columns, rows, io)
    : text
}

function renderRows(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  io: Io,
): string {
  const table = new Table({
    chars: noBorder,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    head: columns.map(({ head }) => io.colors.bold(head)),
    colAligns: columns.map(({ align }) => align),
  })
  for (const row of rows) table.push([...row])
  return trimLines(table.toString())
}

/** `head  value` below each other, a blank line between rows. */
function renderList(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  io: Io,
): string {
  const width = Math.max(...columns.map(({ head }) => head.length))
  return rows
    .map((row) =>
      row
        .flatMap((cell, i) =>
          cell
            .split('\n')
            .map((line, part) =>
              [
                io.colors.bold(
                  (part === 0 ? columns[i]!.head : '').padEnd(width),
                ),
                line,
              ].join('  '),
            ),
        )
        .join('\n'),
    )
    .map((block) => trimLines(block))
    .join('\n')
}

function widthOf(text: string): number {
  const lines = stripVTControlCharacters(text).split('\n')
  return lines.reduce((width, line) => Math.max(width, line.length), 0)
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}
