import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { addStatementCoverageInstrumentation } from '@nomicfoundation/edr'
import { getCoverageLibrary } from '@nomicfoundation/edr/coverage'

/** A place in the contracts that a test should pass. */
export type Point = {
  readonly kind: 'statement' | 'branch'
  readonly file: string
  /** From 1. */
  readonly line: number
  /** The counter's name in hex. */
  readonly tag: string
  readonly text: string
}

export type Instrumented = {
  readonly abi: readonly unknown[]
  readonly bytecode: string
  readonly points: readonly Point[]
}

const require = createRequire(import.meta.url)
const contracts = join(import.meta.dirname, '../../../contracts')
const branchFile = '__Branches.sol'
/** Keeps the branches' counters apart from those of statements, which are hashes. */
const branchBase = 0xb7a9c4n << 200n

/**
 * Compiles the executor with a counter before each statement, which EDR's own
 * instrumentation writes, and one for each way out of each condition: of `if`,
 * `?:`, `while` and `for`. The contracts of contracts/world and contracts/lens are not
 * counted.
 */
export function instrument(): Instrumented {
  const originals = Object.fromEntries(
    readdirSync(contracts, { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => name.endsWith('.sol') && !/^(?:world|lens)\b/.test(name),
      )
      .map((name) => [name, readFileSync(join(contracts, name), 'utf8')]),
  )
  const points: Point[] = []
  const sources: Record<string, { content: string }> = {}
  const asts = compile(asSources(originals), { '*': { '': ['ast'] } }).sources
  const ids = Object.entries(asts).map(([name, { id }]) => [id, name] as const)
  for (const [, name] of ids) {
    const original = originals[name]
    if (original === undefined) continue
    const marked = markBranches(name, original, asts[name]!.ast, points)
    const { source, metadata } = addStatementCoverageInstrumentation(
      marked,
      name,
      '0.8.34',
    )
    sources[name] = { content: source }
    for (const { tag, startUtf16, endUtf16 } of metadata) {
      const statement = marked.slice(startUtf16, endUtf16)
      const start = startUtf16 + statement.length - statement.trimStart().length
      points.push({
        kind: 'statement',
        file: name,
        line: lineOf(marked, start),
        tag: Buffer.from(tag).toString('hex'),
        text: statement.trim().split('\n')[0]!,
      })
    }
  }
  const library = getCoverageLibrary()
  sources[library.filename] = { content: library.content }
  sources[branchFile] = { content: branchLibrary(library.filename) }
  const output = compile(sources, {
    'Executor.sol': { Executor: ['abi', 'evm.bytecode.object'] },
  })
  const { abi, evm } = output.contracts['Executor.sol']!['Executor']!
  return { abi, bytecode: evm.bytecode.object, points }
}

/** Wraps each condition; no line moves. */
function markBranches(
  file: string,
  source: string,
  ast: Node,
  points: Point[],
): string {
  const bytes = Buffer.from(source)
  const insertions: { readonly at: number; readonly text: string }[] = []
  let didMark = false
  for (const condition of conditionsIn(ast)) {
    const [start = 0, length = 0] = condition.src.split(':').map(Number)
    const id = branchBase + BigInt(points.length) * 2n
    didMark = true
    insertions.push(
      { at: start, text: '__Branches.pass(' },
      { at: start + length, text: `, ${id})` },
    )
    for (const way of [0n, 1n])
      points.push({
        kind: 'branch',
        file,
        line: lineOf(bytes.subarray(0, start).toString(), start),
        tag: (id + way).toString(16).padStart(64, '0'),
        text: `${bytes.subarray(start, start + length)} is ${way === 1n}`,
      })
  }
  if (didMark) {
    const pragma = bytes.indexOf('pragma solidity')
    const end = bytes.indexOf(';', pragma) + 1
    insertions.push({
      at: end,
      text: ` import {__Branches} from "${branchFile}";`,
    })
  }
  let result = bytes
  for (const { at, text } of insertions.sort((a, b) => b.at - a.at))
    result = Buffer.concat([
      result.subarray(0, at),
      Buffer.from(text),
      result.subarray(at),
    ])
  return result.toString()
}

type Node = {
  readonly nodeType?: string
  readonly src: string
  readonly condition?: Node
}

function conditionsIn(node: unknown): readonly Node[] {
  if (Array.isArray(node)) return node.flatMap(conditionsIn)
  if (typeof node !== 'object' || node === null) return []
  const { nodeType = '', condition } = node as Node
  const branching = [
    'IfStatement',
    'Conditional',
    'WhileStatement',
    'ForStatement',
  ]
  const own = branching.includes(nodeType) && condition ? [condition] : []
  return [...own, ...Object.values(node).flatMap(conditionsIn)]
}

function branchLibrary(coverageFile: string): string {
  return `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;
import {__NomicFoundationCoverage} from "${coverageFile}";
library __Branches {
    function pass(bool value, uint256 id) internal pure returns (bool) {
        __NomicFoundationCoverage.sendHit(value ? id + 1 : id);
        return value;
    }
}
`
}

function lineOf(source: string, at: number): number {
  return source.slice(0, at).split('\n').length
}

function asSources(
  texts: Record<string, string>,
): Record<string, { content: string }> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, content]) => [name, { content }]),
  )
}

type Output = {
  readonly errors?: readonly {
    readonly severity: string
    readonly formattedMessage: string
  }[]
  readonly sources: Record<string, { readonly id: number; readonly ast: Node }>
  readonly contracts: Record<
    string,
    Record<
      string,
      {
        readonly abi: readonly unknown[]
        readonly evm: { readonly bytecode: { readonly object: string } }
      }
    >
  >
}

function compile(sources: object, outputSelection: object): Output {
  const solc = require('solc') as {
    compile(input: string, callbacks: object): string
  }
  const input = JSON.stringify({
    language: 'Solidity',
    sources,
    settings: {
      optimizer: { enabled: true, runs: 1 },
      viaIR: true,
      evmVersion: 'cancun',
      outputSelection,
    },
  })
  const output: Output = JSON.parse(
    solc.compile(input, {
      import: (name: string) => ({
        contents: readFileSync(require.resolve(name), 'utf8'),
      }),
    }),
  )
  const fatal = (output.errors ?? []).filter(
    ({ severity }) => severity === 'error',
  )
  if (fatal.length > 0)
    throw new Error(
      fatal.map(({ formattedMessage }) => formattedMessage).join('\n'),
    )
  return output
}
