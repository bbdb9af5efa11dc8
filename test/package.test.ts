import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import lock from '../package-lock.json' with { type: 'json' }
import {
  builtUrl,
  bundleModules,
  bundleScript,
  importBuilt,
  packageFolder,
} from './support/builtPackage.ts'

const run = promisify(execFile)

describe('import', () => {
  it('default: loads its own files and the hash, no module of Node and none of the command line', async () => {
    const specifiers = await importsOf(builtUrl)
    expect(specifiers.length).toBeGreaterThan(3)
    const others = specifiers.filter((name) => !name.startsWith('.'))
    expect(others.sort()).toEqual([
      '@noble/hashes/sha3.js',
      '@noble/hashes/utils.js',
    ])
  })

  it.each(Object.entries(packageJson.exports))(
    'the public path %s leads to files of the build',
    async (_, target) => {
      const files =
        typeof target === 'string' ? [target] : Object.values(target)
      for (const file of files)
        expect(readFileSync(join(packageFolder, file)).length).toBeGreaterThan(
          0,
        )
    },
  )

  it.each(Object.entries(packageJson.imports))(
    'the private path %s leads to a file of the build',
    (_, file) => {
      expect(readFileSync(join(packageFolder, file)).length).toBeGreaterThan(0)
    },
  )

  it('all that the source exports is in the build', async () => {
    expect(Object.keys(await importBuilt()).sort()).toEqual(
      Object.keys(await import('../src/index.ts')).sort(),
    )
  })
})

describe('bundle', () => {
  /** The kernel's first bytes, `\0asm` and version 1, as base64. */
  const kernel = 'AGFzbQEAAAAB'

  it('a helper alone brings neither kernel nor market along', async () => {
    const { loadedAtOnce: code } = await bundleModules(
      "import { parseUnits } from 'apex-arbitrage'; console.log(parseUnits('1', 18))",
    )
    expect(code).toContain('UNITS_INVALID')
    expect(code).not.toContain(kernel)
    expect(code.length).toBeLessThan(2000)
  })

  it('control: createApex brings the kernel', async () => {
    const { loadedAtOnce: code } = await bundleModules(
      "import { createApex } from 'apex-arbitrage'; globalThis.create = createApex",
    )
    expect(code).toContain(kernel)
    // Who only scans loads no library of Ethereum's formats.
    expect(code).not.toContain('AbiCoder')
  })

  it('control: execution is what brings the library of Ethereum’s formats', async () => {
    const code = await bundleScript(
      "import { createApex } from 'apex-arbitrage'; globalThis.create = createApex",
    )
    expect(code).toContain('AbiCoder')
  })

  it('an import for nothing leaves nothing', async () => {
    const { loadedAtOnce } = await bundleModules("import 'apex-arbitrage'")
    expect(loadedAtOnce).toBe('')
  })
})

describe('tarball', () => {
  it('holds the build, the command and the texts, nothing else', async () => {
    const { stdout } = await run(
      'npm',
      ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'],
      { cwd: packageFolder },
    )
    const files: string[] = JSON.parse(stdout)[0].files.map(
      (file: { path: string }) => file.path,
    )
    const rooms = files.map((file) =>
      file.replace(/^(dist)\/.*\.(js|d\.ts)$/, '$1/*.$2'),
    )
    expect([...new Set(rooms)].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/apex.js',
      'deploy/Containerfile',
      'deploy/apex-backup.service',
      'deploy/apex-backup.timer',
      'deploy/apex.service',
      'dist/*.d.ts',
      'dist/*.js',
      'docs/DEPLOYMENT.md',
      'docs/ENGINE.md',
      'docs/SIMULATE.md',
      'docs/TROUBLESHOOTING.md',
      'package.json',
    ])
    for (const file of files.filter((name) => name.startsWith('dist/')))
      expect(readFileSync(join(packageFolder, file), 'utf8')).not.toContain(
        packageFolder,
      )
  })
})

describe('package-lock.json', () => {
  const packages = lock.packages as Readonly<
    Record<
      string,
      {
        readonly optionalDependencies?: object
        readonly hasInstallScript?: boolean
      }
    >
  >

  it('every package that would run a script or a compiler when installed is denied it', () => {
    const denied: Readonly<Record<string, boolean>> = packageJson.allowScripts
    const running = Object.entries(packages).filter(
      ([path, { hasInstallScript }]) =>
        hasInstallScript ||
        // npm runs `node-gyp rebuild` where it sees this file, and drops an
        // optional package whose headers it cannot fetch.
        existsSync(join(packageFolder, path, 'binding.gyp')),
    )
    const names = running.map(([path]) => path.replace(/^.*node_modules\//, ''))
    expect(names).toContain('better-sqlite3')
    expect(names.filter((name) => denied[name] !== false)).toEqual([])
  })

  it('names the native parts of every platform, or npm ci refuses it', () => {
    const missing = Object.entries(packages).flatMap(([from, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter(
          (name) =>
            !(`node_modules/${name}` in packages) &&
            !(`${from}/node_modules/${name}` in packages),
        )
        .map((name) => `${from} needs ${name}`),
    )
    expect(missing).toEqual([])
  })
})

/** The specifiers of all modules that an import makes Node resolve, in a process of its own. */
async function importsOf(url: string): Promise<string[]> {
  const { stdout } = await run(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { registerHooks } from 'node:module'
    const specifiers = new Set()
    registerHooks({
      resolve(specifier, context, next) {
        const inside = context.parentURL?.includes('/node_modules/')
        if (!inside) specifiers.add(specifier)
        return next(specifier, context)
      },
    })
    await import('${url}')
    specifiers.delete('${url}')
    console.log(JSON.stringify([...specifiers]))`,
  ])
  return JSON.parse(stdout)
}
