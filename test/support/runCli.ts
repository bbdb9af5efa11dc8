import { Readable } from 'node:stream'
import picocolors from 'picocolors'
import { main } from '../../src/cli/index.ts'
import type { Stdin } from '../../src/cli/io.ts'

/** What a run of the command line left. */
export type CliRun = {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line in this process, as on a pipe or on a terminal of so many columns. */
export async function runCli(
  args: readonly string[],
  terminal: {
    readonly columns?: number
    readonly stderrColumns?: number
    readonly colors?: boolean
    /** Empty where left out. */
    readonly stdin?: Stdin
    /** Told what is written, as it is written. */
    readonly onStdout?: (text: string) => void
    readonly onStderr?: (text: string) => void
  } = {},
): Promise<CliRun> {
  let stdout = ''
  let stderr = ''
  const exitCode = await main(['node', 'apex', ...args], {
    stdout: (text) => {
      stdout += text
      terminal.onStdout?.(text)
    },
    stderr: (text) => {
      stderr += text
      terminal.onStderr?.(text)
    },
    columns: terminal.columns,
    stderrColumns: terminal.stderrColumns,
    colors: picocolors.createColors(terminal.colors ?? false),
    stdin: terminal.stdin ?? Readable.from([]),
  })
  return { exitCode, stdout, stderr }
}
