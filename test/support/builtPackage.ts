import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type OutputOptions, type RolldownOutput, rolldown } from 'rolldown'

/** The folder of the package. */
export const packageFolder: string = join(import.meta.dirname, '../..')

const entry = join(packageFolder, 'dist/index.js')

/** Where the built package begins, as its users load it. */
export const builtUrl: string = pathToFileURL(entry).href

/** The types of the built package are those of its source. */
export type BuiltPackage = typeof import('../../src/index.ts')

/** Loads the built package; the tests that do must not run on source. */
export async function importBuilt(): Promise<BuiltPackage> {
  if (!existsSync(entry))
    throw new Error('dist/ is absent: run `npm run build` first')
  return (await import(/* @vite-ignore */ builtUrl)) as BuiltPackage
}

/** Bundles a program for browsers as one script: what is loaded when needed comes along. */
export async function bundleScript(code: string): Promise<string> {
  const { output } = await bundle(code, {
    format: 'iife',
    name: 'bundled',
    codeSplitting: false,
  })
  return output[0].code
}

/** A program for browsers as modules. */
export type Modules = {
  readonly entry: string
  /** Code by file name. */
  readonly files: ReadonlyMap<string, string>
  /** The code of the entry and all it imports, without what is imported when needed. */
  readonly loadedAtOnce: string
}

/** Bundles a program for browsers as modules. */
export async function bundleModules(code: string): Promise<Modules> {
  const { output } = await bundle(code, { format: 'esm' })
  const chunks = new Map(
    output.flatMap((part) =>
      part.type === 'chunk' ? [[part.fileName, part] as const] : [],
    ),
  )
  const loaded = new Set<string>()
  const open = [output[0].fileName]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (loaded.has(name)) continue
    const chunk = chunks.get(name)
    if (!chunk) throw new Error(`${name} is not in the bundle`)
    loaded.add(name)
    open.push(...chunk.imports)
  }
  const codeOf = (name: string): string => chunks.get(name)!.code
  return {
    entry: output[0].fileName,
    files: new Map([...chunks.keys()].map((name) => [name, codeOf(name)])),
    loadedAtOnce: [...loaded].map(codeOf).join('\n'),
  }
}

async function bundle(
  code: string,
  options: OutputOptions,
): Promise<RolldownOutput> {
  const name = join(packageFolder, 'bundled.js')
  const bundle = await rolldown({
    input: name,
    platform: 'browser',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === name ? id : undefined),
        load: (id) => (id === name ? code : undefined),
      },
    ],
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message)
    },
  })
  try {
    return await bundle.generate({ ...options, minify: true })
  } finally {
    await bundle.close()
  }
}
