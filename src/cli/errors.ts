import { CommanderError } from 'commander'
import { withoutSecrets } from '../adapters/withoutSecrets.ts'
import { ApexError, type ErrorCode, type ErrorDetails } from '../core/errors.ts'

/** Exit codes: fine, the run failed, the user's mistake. */
export const exitCodes = { fine: 0, failed: 1, mistake: 2 } as const

/** A command was called with a wrong argument. */
export class UsageError extends ApexError {
  override readonly name = 'UsageError'
  constructor(message: string, details?: ErrorDetails) {
    super('USAGE', message, details)
  }
}

/** Faults that better arguments do not mend. */
const failures: ReadonlySet<ErrorCode> = new Set([
  'ENGINE_UNAVAILABLE',
  'ENGINE_CAPACITY',
  'SWAP_REVERTS',
  'RPC_FAILED',
  'DEPLOY_FAILED',
])

/** Errors that repeat an argument: somebody may have put a key there. */
const echoes: ReadonlySet<ErrorCode> = new Set(['USAGE', 'ADDRESS_INVALID'])

const fileFaults: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
}

/** What a failed command tells: one line for what the user can mend, a stack only for our own faults. */
export function explain(error: unknown): { text: string; exitCode: number } {
  if (error instanceof CommanderError)
    return mistake(withoutSecrets(error.message.replace(/^error: /, '')))
  if (error instanceof ApexError) {
    const hint = error.hint && !error.message.includes(error.hint)
    const message = error.message + (hint ? ` (${error.hint})` : '')
    const text = line(
      echoes.has(error.code) ? withoutSecrets(message) : message,
    )
    const exitCode = failures.has(error.code)
      ? exitCodes.failed
      : exitCodes.mistake
    return { text, exitCode }
  }
  const { code, path, syscall, message, stack } = error as NodeJS.ErrnoException
  const fault = code && (fileFaults[code] ?? (syscall && message))
  if (fault) return mistake(withoutSecrets(path ? `${path}: ${fault}` : fault))
  return {
    text: `apex: a fault of APEX itself, please report it\n${withoutSecrets(stack ?? String(error))}\n`,
    exitCode: exitCodes.failed,
  }
}

function mistake(message: string): { text: string; exitCode: number } {
  return { text: line(message), exitCode: exitCodes.mistake }
}

function line(message: string): string {
  return `apex: ${message.replace(/\s*\n\s*/g, ' ')}\n`
}
