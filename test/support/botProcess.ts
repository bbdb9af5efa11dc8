import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { packageFolder } from './builtPackage.ts'

/** How `apex bot` is started. */
export type BotProcessOptions = {
  readonly config: string
  /** After `apex bot --json --config FILE`. */
  readonly arguments?: readonly string[]
  /** Modules loaded first, in its worker threads too. */
  readonly imports?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** A line that `apex bot --json` prints a block. */
export type BlockLine = {
  readonly kind: 'block'
  readonly chain: string
  readonly blockNumber: number
  readonly sent: number
}

/** What it prints at its end; amounts are decimal strings of wei. */
export type SummaryLine = {
  readonly chain: string
  readonly blocks: number
  readonly sent: number
  readonly landed: number
  readonly open: number
  readonly restarts: number
  readonly netProfit: string
  readonly endedBy?: string
}

/** The built package's `apex bot` in a process of its own. */
export type BotProcess = {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  /** Blocks told of a chain so far. */
  blocks(chain: string): readonly BlockLine[]
  /** Waits until something is so. @throws where the process ends before, or it takes too long. */
  until(isSo: () => boolean): Promise<void>
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
  /** Asks it to stop and returns what it came to. */
  stop(signal: 'SIGINT' | 'SIGTERM'): Promise<readonly SummaryLine[]>
}

/** What does not happen within this time, never will. */
const patienceMs = 60_000

/** Starts it. */
export function startBot(options: BotProcessOptions): BotProcess {
  const { config, imports = [], environment = {} } = options
  const child = spawn(
    process.execPath,
    [
      ...imports.flatMap((module) => ['--import', module]),
      join(packageFolder, 'bin/apex.js'),
      ...['bot', '--json', '--config', config],
      ...(options.arguments ?? []),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    },
  )
  let [stdout, stderr, isOver] = ['', '', false]
  const blocks: BlockLine[] = []
  let rest = ''
  const waiting = new Set<() => void>()
  const look = (): void => {
    for (const check of waiting) check()
  }
  child.stdout.on('data', (piece) => {
    stdout += piece
    const lines = (rest + piece).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const told = JSON.parse(line) as BlockLine
      if (told.kind === 'block') blocks.push(told)
    }
    look()
  })
  child.stderr.on('data', (piece) => {
    stderr += piece
    look()
  })
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => {
      isOver = true
      look()
      resolve(code ?? signal!)
    })
  })
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    blocks: (chain) => blocks.filter((block) => block.chain === chain),
    until: (isSo) =>
      new Promise((resolve, reject) => {
        const settle = (why: string): void => {
          clearTimeout(timer)
          waiting.delete(check)
          if (isSo()) resolve()
          else reject(new Error(`${why}: ${stdout.slice(-2000)}\n${stderr}`))
        }
        const check = (): void => {
          if (isSo() || isOver) settle('the bot has ended')
        }
        const timer = setTimeout(() => settle('in vain'), patienceMs)
        waiting.add(check)
        check()
      }),
    ended,
    async stop(signal) {
      child.kill(signal)
      await ended
      return JSON.parse(stdout.trim().split('\n').at(-1)!).chains
    },
  }
}
