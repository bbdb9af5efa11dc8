import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { weaknesses } from './support/executors.ts'

const readme = readFileSync(
  join(import.meta.dirname, '../../contracts/README.md'),
  'utf8',
)
const rows = readme.split('\n').filter((line) => /^\| A\d+ +\|/.test(line))

/** Columns: number, attack, protection, tests, control. */
const cells = rows.map((row) =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim()),
)

test('contracts/README.md names all twenty attacks, each with tests that exist', () => {
  expect(cells.map(([number]) => number)).toEqual(
    Array.from({ length: 20 }, (_, i) => `A${i + 1}`),
  )
  const files = readdirSync(import.meta.dirname)
  const titled = files
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n')
  for (const [number, , , tests] of cells) {
    for (const name of tests!.split(', '))
      expect(files).toContain(`${name}.test.ts`)
    expect(titled, number).toMatch(new RegExp(`'${number} `))
  }
})

test('contracts/README.md names every negative control', () => {
  const named = cells.flatMap(([, , , , control]) =>
    [...control!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
  )
  expect([...new Set(named)].sort()).toEqual(Object.keys(weaknesses).sort())
  for (const [number, , , , control] of cells)
    expect(control, number).toMatch(/`\w+`|NaiveBot/)
})
