/**
 * Runs what README.md shows and puts the real output in: `npm run readme`. A
 * test holds that there is nothing to put in.
 *
 * The blocks of README are read in order, all in one empty folder:
 *
 *   ```ts              a program; it runs, and
 *   ```text            right after it, is what it prints
 *   ```console         commands after `$ `, each with its output; with --json it
 *   ```json            goes here, laid out for people
 *   ```jsonl name      a file of this name, for the commands below
 *
 * Commands run in a shell that knows `apex`. Times differ from run to run:
 * where only they do, what stands there stays.
 */
import { execFile } from 'node:child_process'
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const block = /^```(ts|text|console|json|jsonl [\w.-]+)\n([\s\S]*?)^```$/gm

if (process.argv[1] === import.meta.filename) {
  const file = join(root, 'README.md')
  await writeFile(file, await renderReadme(await readFile(file, 'utf8')))
}

/** The text with every output as it is now. */
export async function renderReadme(text: string): Promise<string> {
  // Inside the package, so that its own name leads to it.
  await mkdir(join(root, '.cache'), { recursive: true })
  const folder = await mkdtemp(join(root, '.cache', 'readme-'))
  try {
    await mkdir(join(folder, 'bin'))
    await symlink(join(root, 'bin/apex.js'), join(folder, 'bin/apex'))
    return await render(text, join(folder, 'bin'), folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function render(text: string, bin: string, folder: string) {
  let rendered = ''
  let end = 0
  let printed = ''
  for (const { 0: whole, 1: kind, 2: body, index } of text.matchAll(block)) {
    let now = body!
    if (kind === 'ts') {
      const program = join(folder, 'program.ts')
      await writeFile(program, now)
      printed = await output(folder, bin, `node ${program}`)
    } else if (kind === 'console') {
      ;[now, printed] = await runCommands(now, bin, folder)
    } else if (kind === 'text') {
      now = printed
    } else if (kind === 'json') {
      now = `${JSON.stringify(JSON.parse(printed), null, 2)}\n`
    } else {
      await writeFile(join(folder, kind!.slice('jsonl '.length)), now)
    }
    if (withoutTimes(now) === withoutTimes(body!)) now = body!
    rendered += `${text.slice(end, index)}\`\`\`${kind}\n${now}\`\`\``
    end = index + whole.length
  }
  return rendered + text.slice(end)
}

/** The commands with their output, and what one with --json printed. */
async function runCommands(
  body: string,
  bin: string,
  folder: string,
): Promise<[string, string]> {
  let shown = ''
  let json = ''
  for (const line of body.split('\n').filter((text) => text.startsWith('$ '))) {
    const printed = await output(folder, bin, line.slice('$ '.length))
    shown += `${line}\n`
    if (line.endsWith(' --json')) json = printed
    else shown += printed
  }
  return [shown, json]
}

/** What a command prints to stdout and stderr. */
async function output(
  cwd: string,
  bin: string,
  command: string,
): Promise<string> {
  const { PATH: path = '' } = process.env
  const PATH = [bin, dirname(process.execPath), path].join(delimiter)
  const { stdout } = await run('sh', ['-c', `{ ${command}; } 2>&1 || true`], {
    cwd,
    env: { ...process.env, PATH },
    maxBuffer: 2 ** 26,
  })
  return stdout
}

function withoutTimes(text: string): string {
  return text
    .replace(/[\d.,]+ ms$/gm, '0 ms')
    .replace(/^set-up [\d.]+ s, .*$/gm, 'set-up 0 s')
    .replace(/"elapsedMs": ?[\d.]+/g, '"elapsedMs": 0')
}
