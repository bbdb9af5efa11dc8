import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ApexError, errorCodes } from '../../src/core/errors.ts'

const root = join(import.meta.dirname, '../../src')
/** A class of ours, its parent, and the code it hands up. */
const errorClass =
  /class (\w+Error) extends (\w+) \{(?:(?!\nclass |\nexport )[\s\S])*?super\(\s*'([A-Z_]+)'/g

function errorClasses(): { name: string; parent: string; code: string }[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const source = readFileSync(join(root, file), 'utf8')
      return [...source.matchAll(errorClass)].map(([, name, parent, code]) => ({
        name: name!,
        parent: parent!,
        code: code!,
      }))
    })
}

function subclassCount(): number {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .reduce(
      (sum, source) =>
        sum + [...source.matchAll(/extends ApexError\b/g)].length,
      0,
    )
}

it('every error class has a code of the table', () => {
  const classes = errorClasses()
  expect(classes.length).toBe(subclassCount())
  for (const { name, code } of classes)
    expect(errorCodes, name).toHaveProperty(code)
})

it('no code is used by two classes, and none is left over', () => {
  const codes = errorClasses().map(({ code }) => code)
  expect(codes.toSorted()).toEqual(Object.keys(errorCodes).toSorted())
})

it('an error carries code, facts, hint and cause', () => {
  const cause = new Error('below')
  const error = new ApexError('USAGE', 'message', {
    facts: { a: 1n },
    hint: 'do this',
    cause,
  })
  expect(error).toMatchObject({
    code: 'USAGE',
    facts: { a: 1n },
    hint: 'do this',
    cause,
  })
})
