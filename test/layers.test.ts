import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = join(import.meta.dirname, '../src')

/** A file may import from its own room and from those before it. */
const rooms = [
  'core',
  'contracts',
  'engine',
  'market',
  'adapters',
  'services',
  'apex.ts',
  'programs',
  'cli',
] as const

/** Rooms whose folders do not know each other; files that lie in the room itself serve all. */
const roomsOfSiblings = ['adapters', 'services', 'programs']

/** Where a package, or a name of the platform, may be spoken. */
const places: readonly {
  readonly what: string
  readonly pattern: RegExp
  readonly folders: readonly string[]
}[] = [
  {
    what: 'WebAssembly',
    pattern: /\bWebAssembly\s*[.(]/,
    folders: ['engine/'],
  },
  {
    what: 'a module of Node',
    pattern: /(?:from\s*|import\s*\(?\s*)['"]node:/,
    folders: [
      'cli/',
      'adapters/evm/',
      'adapters/keys/',
      'adapters/protocols/',
      'adapters/stores/',
      'programs/',
    ],
  },
  {
    what: 'ethers',
    pattern: importOf('ethers'),
    folders: ['adapters/', 'services/execute/'],
  },
  {
    what: 'better-sqlite3',
    pattern: importOf('better-sqlite3'),
    folders: ['adapters/stores/'],
  },
  {
    what: 'onnxruntime-node',
    pattern: importOf('onnxruntime-node'),
    folders: ['services/score/'],
  },
  {
    what: 'commander',
    pattern: importOf('commander'),
    folders: ['cli/'],
  },
]

const importSpecifier =
  /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])(\.[^'"]+)\1/g

describe('import rule', () => {
  const files = sourceFiles()

  it('covers every file of src', () => {
    expect(files.length).toBeGreaterThan(40)
    for (const file of files) expect(isKnownPlace(file), file).toBe(true)
  })

  it('default: every file imports from its own room or to the left', () => {
    expect(files.flatMap((file) => faults(file, read(file)))).toEqual([])
  })

  it.each([
    ['core/x.ts', "import { a } from '../market/market.ts'"],
    ['engine/x.ts', "export * from '../services/scan/scan.ts'"],
    ['market/x.ts', "const a = await import('../apex.ts')"],
    ['apex.ts', "import type { A } from './cli/io.ts'"],
    ['services/scan/x.ts', "import { a } from '../quote/quote.ts'"],
    ['market/x.ts', "import { Command } from 'commander'"],
    ['market/x.ts', "const { ethers } = await import('ethers')"],
    ['market/x.ts', 'await WebAssembly.compile(bytes)'],
    ['market/x.ts', "const { open } = await import('node:fs/promises')"],
    ['core/x.ts', "import '../index.ts'"],
  ])('control: %s must not say %s', (file, source) => {
    expect(faults(file, source)).toHaveLength(1)
  })

  it.each([
    ['services/scan/x.ts', "import { a } from '../../market/market.ts'"],
    ['services/scan/x.ts', "import { a } from '../engineGraph.ts'"],
    ['cli/x.ts', "import { Command } from 'commander'"],
    ['cli/x.ts', "import { inspect } from 'node:util'"],
    ['engine/wasm/x.ts', "import { A } from '../../../assembly/layout.ts'"],
    ['cli/x.ts', "import p from '../../package.json' with { type: 'json' }"],
  ])('control: %s may say %s', (file, source) => {
    expect(faults(file, source)).toEqual([])
  })
})

function faults(file: string, source: string): string[] {
  const found: string[] = []
  for (const [, , specifier] of source.matchAll(importSpecifier)) {
    const target = join(dirname(file), specifier!)
    const why = target.startsWith('..')
      ? outsideFault(file, target)
      : importFault(file, target)
    if (why) found.push(`${file} imports ${target}: ${why}`)
  }
  for (const { what, pattern, folders } of places)
    if (
      pattern.test(source) &&
      !folders.some((place) => file.startsWith(place))
    )
      found.push(`${file} names ${what}`)
  return found
}

function importFault(file: string, target: string): string | undefined {
  if (file === 'index.ts') return undefined
  if (rank(target) > rank(file) || target === 'index.ts')
    return 'it lies to the right'
  const [room, folder] = file.split('/')
  const [targetRoom, targetFolder, ...rest] = target.split('/')
  if (
    room === targetRoom &&
    roomsOfSiblings.includes(room!) &&
    folder !== targetFolder &&
    rest.length > 0
  )
    return 'it is a sibling'
  return undefined
}

/** Beyond src lie only the record layout of the kernel and the package's own name and version. */
function outsideFault(file: string, target: string): string | undefined {
  if (file.startsWith('engine/') && target === '../assembly/layout.ts')
    return undefined
  if (file.startsWith('cli/') && target === '../package.json') return undefined
  return 'it lies outside of src'
}

function rank(file: string): number {
  return rooms.findIndex((room) => file === room || file.startsWith(`${room}/`))
}

function isKnownPlace(file: string): boolean {
  return file === 'index.ts' || rank(file) >= 0
}

function importOf(name: string): RegExp {
  return new RegExp(`(?:from\\s*|import\\s*\\(?\\s*)['"]${name}['"/]`)
}

function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => relative('.', file).replaceAll('\\', '/'))
}

function read(file: string): string {
  return readFileSync(join(src, file), 'utf8')
}
