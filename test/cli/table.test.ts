import { Readable } from 'node:stream'
import picocolors from 'picocolors'
import { expect, it } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { renderTable } from '../../src/cli/table.ts'

const columns = [
  { head: '#', align: 'right' },
  { head: 'name', align: 'left' },
] as const

it('default: columns are as wide as their widest cell, lines of a cell below each other', () => {
  const rows = [
    ['1', 'a\nb'],
    ['10', 'long'],
  ]
  expect(renderTable(columns, rows, io())).toBe(
    ' #  name\n 1  a\n    b\n10  long\n',
  )
})

it('behavior: each row is a list where the table is too wide', () => {
  expect(renderTable(columns, [['1', 'long']], io(5))).toBe(
    '#     1\nname  long\n',
  )
})

it('behavior: characters of no or of double width keep the columns straight', () => {
  const rows = [
    ['1', '漢字', 'x'],
    ['2', 'e\u0301', 'x'],
    ['3', '🌐', 'x'],
    ['4', '→…', 'x'],
  ]
  const wide = [...columns, { head: 'z', align: 'left' }] as const
  expect(renderTable(wide, rows, io())).toBe(
    [
      '#  name  z',
      '1  漢字  x',
      '2  e\u0301     x',
      '3  🌐    x',
      '4  →…    x',
      '',
    ].join('\n'),
  )
})

it.each([undefined, 8])(
  'behavior: more rows than a call has arguments, in %s columns',
  (width) => {
    const rows = Array.from({ length: 130_000 }, (_, i) => [`${i}`, 'name'])
    const text = renderTable(columns, rows, io(width))
    expect(text.match(/^ *\d+ {2}name$|^name {2}name$/gm)).toHaveLength(130_000)
  },
)

function io(width?: number): Io {
  return {
    stdout: () => {},
    stderr: () => {},
    columns: width,
    stderrColumns: undefined,
    colors: picocolors.createColors(false),
    stdin: Readable.from([]),
  }
}
