import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { renderReadme } from '../scripts/readme.ts'
import { errorCodes } from '../src/core/errors.ts'
import { importBuilt, packageFolder } from './support/builtPackage.ts'

const run = promisify(execFile)
const readme = read('README.md')

describe('README', () => {
  it('every program and command prints what stands below it: else run `npm run readme`', async () => {
    await importBuilt()
    expect(await renderReadme(readme)).toBe(readme)
  })

  it('control: an output that is not real is replaced', async () => {
    const text = '```console\n$ apex --version\n9.9.9\n```\n'
    expect(await renderReadme(text)).toBe(
      `\`\`\`console\n$ apex --version\n${packageJson.version}\n\`\`\`\n`,
    )
  })

  it('the types of its programs are right', async () => {
    await mkdir(join(packageFolder, '.cache'), { recursive: true })
    const folder = await mkdtemp(join(packageFolder, '.cache/types-'))
    try {
      const programs = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
      expect(programs.length).toBeGreaterThan(1)
      const files = programs.map((_, i) => join(folder, `${i}.ts`))
      for (const [i, [, program]] of programs.entries())
        await writeFile(files[i]!, program!)
      const flags = '--noEmit --strict --module nodenext --target es2024'
      const types = ['--types', 'node', '--ignoreConfig']
      const compiler = join(packageFolder, 'node_modules/typescript/bin/tsc')
      await run(process.execPath, [
        ...[compiler, ...flags.split(' '), ...types],
        ...files,
      ])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('its test command is what CI runs', () => {
    for (const script of ['start', 'test'])
      expect(readme).toContain(
        `npx -y -p node@24 -c "npm ci && npm ${script}"\n`,
      )
    expect(read('.ci/run')).toContain(
      '\nnpx -y -p node@24 -c "npm ci && npm test"\n',
    )
  })

  it('the table of errors is that of the code', () => {
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\| (.*?) +\|$/gm)]
    expect(Object.fromEntries(rows.map(([, code, text]) => [code, text])))
      // The whole table, nothing twice.
      .toEqual(errorCodes)
    expect(rows).toHaveLength(Object.keys(errorCodes).length)
  })

  it('its version and size are the package’s', () => {
    const { version, dependencies } = packageJson
    expect(readme).toContain(`apex-arbitrage-${version}.tgz`)
    expect(Object.keys(dependencies)).toHaveLength(7)
    expect(readme).toContain('seven small dependencies')
    expect(read('CHANGELOG.md')).toContain(`\n## [${version}]`)
  })
})

it.each([
  'README.md',
  'CONTRIBUTING.md',
  'docs/DEPLOYMENT.md',
  'docs/ENGINE.md',
  'docs/TROUBLESHOOTING.md',
  'bench/README.md',
])('the links of %s lead somewhere', (file) => {
  const text = read(file)
  for (const [, link] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    const [path, anchor] = link!.split('#') as [string, string?]
    const target = path ? join(dirname(file), path) : file
    expect(existsSync(join(packageFolder, target)), link).toBe(true)
    if (anchor) expect(anchorsOf(read(target))).toContain(anchor)
  }
})

it('the places that CONTRIBUTING names exist', () => {
  const named = read('CONTRIBUTING.md').matchAll(
    /`((?:src|test|assembly|scripts|docs|bench)\/[\w./]*)`/g,
  )
  const places = [...named].map(([, place]) => place!)
  expect(places.length).toBeGreaterThan(10)
  for (const place of places.filter((name) => !name.endsWith('/generated/')))
    expect(existsSync(join(packageFolder, place)), place).toBe(true)
})

/** As GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function read(file: string): string {
  return readFileSync(join(packageFolder, file), 'utf8')
}
