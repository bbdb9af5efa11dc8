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

it('behavior: a head every thousand rows', () => {
  const rows = Array.from({ length: 2500 }, (_, i) => [`${i}`, 'name'])
  const lines = renderTable(columns, rows, io()).split('\n')
  expect(lines).toHaveLength(2500 + 3 + 1)
  for (const line of [0, 1001, 2002])
    expect(lines[line]).toMatch(/^ *# {2}name$/)
  expect(lines.at(-2)).toBe('2499  name')
})

function io(width?: number): Io {
  return {
    stdout: () => {},
    stderr: () => {},
    columns: width,
    stderrColumns: undefined,
    colors: picocolors.createColors(false),
  }
}
