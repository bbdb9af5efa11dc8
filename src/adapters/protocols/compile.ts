import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { InterfaceAbi } from 'ethers'
import { PackageMissingError } from '../../core/packageMissing.ts'
import { type Artifact, makeArtifact, resolvePackageFile } from './artifact.ts'
import { WorldInvalidError } from './errors.ts'

/** Compiles Solidity offline with the compilers that npm carries. */

/** The packages of the compilers: the current one and aliases of older ones. */
export type Compiler = 'solc' | 'solc-0.6.12' | 'solc-0.7.6' | 'solc-0.8.19'

/** What to compile and how. */
export type Compilation = {
  readonly compiler: Compiler
  /** File by contract. A file is named as an import names it: by its package, or from `sourceFolder`. */
  readonly contracts: Readonly<Record<string, string>>
  readonly sourceFolder?: string
  readonly optimizerRuns: number
  readonly evmVersion: string
  readonly viaIR?: boolean
  /** Steps of the Yul optimizer instead of all: compiles sooner. */
  readonly optimizerSteps?: string
}

const require = createRequire(import.meta.url)

/**
 * Compiles contracts. Results are kept on disk by the hash of all that went
 * in: in `$APEX_CACHE`, `$XDG_CACHE_HOME/apex` or `~/.cache/apex`.
 *
 * @throws PackageMissingError where compiler or sources are not installed.
 * @throws WorldInvalidError with the compiler's words where they do not compile.
 */
export function compileContracts<Name extends string>(
  compilation: Compilation & { readonly contracts: Record<Name, string> },
): Readonly<Record<Name, Artifact>> {
  const { compiler, contracts, optimizerRuns, optimizerSteps, evmVersion } =
    compilation
  const named = Object.entries<string>(contracts)
  const files = [...new Set(named.map(([, file]) => file))]
  const input = JSON.stringify({
    language: 'Solidity',
    sources: collectSources(files, compilation.sourceFolder),
    settings: {
      optimizer: {
        enabled: true,
        runs: optimizerRuns,
        ...(optimizerSteps === undefined
          ? {}
          : { details: { yul: true, yulDetails: { optimizerSteps } } }),
      },
      evmVersion,
      ...(compilation.viaIR ? { viaIR: true } : {}),
      outputSelection: Object.fromEntries(
        files.map((file) => [file, { '*': ['abi', 'evm.bytecode.object'] }]),
      ),
    },
  })
  const output: Output = JSON.parse(compileCached(compiler, input))
  const artifacts = named.map(([name, file]) => {
    const contract = output.contracts?.[file]?.[name]
    if (!contract)
      throw new WorldInvalidError(`${file} has no contract ${name}`)
    const { abi, evm } = contract
    return [name, makeArtifact(name, abi, evm.bytecode.object)]
  })
  return Object.fromEntries(artifacts) as Record<Name, Artifact>
}

type Output = {
  readonly errors?: readonly {
    readonly severity: string
    readonly formattedMessage: string
  }[]
  readonly contracts?: Record<
    string,
    Record<
      string,
      {
        readonly abi: InterfaceAbi
        readonly evm: { readonly bytecode: { readonly object: string } }
      }
    >
  >
}

function compileCached(compiler: Compiler, input: string): string {
  const { version } = compilerPart(compiler, '/package.json') as {
    readonly version: string
  }
  const key = createHash('sha256').update(version).update(input).digest('hex')
  const folder = join(cacheFolder(), 'solc')
  const cached = join(folder, `${key}.json`)
  if (existsSync(cached)) return readFileSync(cached, 'utf8')
  const output = compile(compiler, input)
  mkdirSync(folder, { recursive: true })
  // Processes run side by side: a half-written result must not be seen.
  const draft = `${cached}.${process.pid}`
  writeFileSync(draft, output)
  renameSync(draft, cached)
  return output
}

function compile(compiler: Compiler, input: string): string {
  const solc = compilerPart(compiler, '') as {
    compile(input: string): string
  }
  const text = solc.compile(input)
  const errors = (JSON.parse(text) as Output).errors ?? []
  const fatal = errors.filter(({ severity }) => severity === 'error')
  if (fatal.length > 0)
    throw new WorldInvalidError(
      fatal.map(({ formattedMessage }) => formattedMessage).join('\n'),
    )
  return text
}

function compilerPart(compiler: Compiler, part: string): unknown {
  try {
    return require(`${compiler}${part}`)
  } catch (cause) {
    const [, version] = compiler.split('-')
    throw new PackageMissingError(
      version === undefined ? compiler : `${compiler}@npm:solc@${version}`,
      'it compiles the contracts of a protocol that publishes source only',
      { cause },
    )
  }
}

/** The files and, transitively, all they import, by the names the imports use. */
function collectSources(
  files: readonly string[],
  sourceFolder: string | undefined,
): Record<string, { readonly content: string }> {
  const sources: Record<string, { readonly content: string }> = {}
  const open = [...files]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (sources[name]) continue
    const content = readFileSync(pathOf(name, sourceFolder), 'utf8')
    sources[name] = { content }
    for (const [, imported] of content.matchAll(
      /^import\s+(?:[^'"]*from\s+)?['"]([^'"]+)['"]/gm,
    ))
      open.push(
        imported!.startsWith('.')
          ? join(dirname(name), imported!).replaceAll('\\', '/')
          : imported!,
      )
  }
  return sources
}

function pathOf(name: string, sourceFolder: string | undefined): string {
  const [, packageName, file] = /^(@[^/]+\/[^/]+)\/(.+)$/.exec(name) ?? []
  if (packageName && file) return resolvePackageFile(packageName, file)
  return join(sourceFolder ?? '.', name)
}

function cacheFolder(): string {
  const { APEX_CACHE, XDG_CACHE_HOME } = process.env as {
    readonly APEX_CACHE?: string
    readonly XDG_CACHE_HOME?: string
  }
  return APEX_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'apex')
}
