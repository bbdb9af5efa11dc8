import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Compiles Solidity offline with the compilers that npm carries. */

const root = join(import.meta.dirname, '../..')
const cache = join(root, '.cache/solc')
const require = createRequire(import.meta.url)

/** The packages of the compilers: the current one, and the one Uniswap V3 was built with. */
export type Compiler = 'solc' | 'solc-0.7.6'

/**
 * The creation bytecode of one contract, without 0x. `file` lies in
 * test/support/contracts; its imports are files of npm packages. Results are
 * kept in .cache by what went in.
 * @throws Error with the compiler's own words.
 */
export function compileContract(
  compiler: Compiler,
  file: string,
  contract: string,
): string {
  const input = JSON.stringify({
    language: 'Solidity',
    sources: collectSources(file),
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: compiler === 'solc' ? 'cancun' : 'istanbul',
      outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
    },
  })
  const { version } = require(`${compiler}/package.json`) as { version: string }
  const key = createHash('sha256').update(version).update(input).digest('hex')
  const cached = join(cache, `${key}.json`)
  if (!existsSync(cached)) {
    mkdirSync(cache, { recursive: true })
    // Test files run side by side: a half-written result must not be seen.
    const draft = `${cached}.${process.pid}`
    writeFileSync(draft, compile(compiler, input))
    renameSync(draft, cached)
  }
  const output = JSON.parse(readFileSync(cached, 'utf8')) as Output
  const object = output.contracts?.[file]?.[contract]?.evm.bytecode.object
  if (!object) throw new Error(`no contract ${contract} in ${file}`)
  return object
}

type Output = {
  readonly errors?: readonly {
    readonly severity: string
    readonly formattedMessage: string
  }[]
  readonly contracts?: Record<
    string,
    Record<string, { evm: { bytecode: { object: string } } }>
  >
}

type SolidityCompiler = { compile(input: string): string }

function compile(compiler: Compiler, input: string): string {
  const text = (require(compiler) as SolidityCompiler).compile(input)
  const errors = (JSON.parse(text) as Output).errors ?? []
  const fatal = errors.filter(({ severity }) => severity === 'error')
  if (fatal.length > 0) {
    throw new Error(fatal.map((e) => e.formattedMessage).join('\n'))
  }
  return text
}

/** The file and, transitively, all it imports, by the names the imports use. */
function collectSources(file: string): Record<string, { content: string }> {
  const sources: Record<string, { content: string }> = {}
  const open = [file]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (sources[name]) continue
    const content = readFileSync(pathOf(name), 'utf8')
    sources[name] = { content }
    for (const [, imported] of content.matchAll(
      /^import\s+(?:[^'"]*from\s+)?['"]([^'"]+)['"]/gm,
    )) {
      open.push(
        imported!.startsWith('.') ? join(dirname(name), imported!) : imported!,
      )
    }
  }
  return sources
}

function pathOf(name: string): string {
  return name.startsWith('@')
    ? join(root, 'node_modules', name)
    : join(root, 'test/support/contracts', name)
}
