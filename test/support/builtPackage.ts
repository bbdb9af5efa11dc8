import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type RolldownOutput, rolldown } from 'rolldown'

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

/**
 * Bundles code that imports from 'apex-arbitrage' for a browser, in one file.
 * What a bundler warns of, an import left over for instance, is an error here.
 */
export async function bundleForBrowser(
  code: string,
  format: 'esm' | 'iife',
): Promise<string> {
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
    return onlyChunk(
      await bundle.generate({ format, name: 'bundled', minify: true }),
    )
  } finally {
    await bundle.close()
  }
}

function onlyChunk({ output }: RolldownOutput): string {
  const [chunk, ...others] = output
  const left = [...chunk.imports, ...chunk.dynamicImports]
  if (others.length > 0 || left.length > 0)
    throw new Error(`not one file: imports ${left.join(', ')}`)
  return chunk.code
}
