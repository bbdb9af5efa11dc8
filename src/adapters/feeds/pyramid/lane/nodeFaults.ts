import { RpcError } from '../../../../core/rpcError.ts'

/** What a failed request tells of the node. */
export type NodeFault =
  /** Asked too often: the same request later is fine. */
  | 'rate'
  /** It did not answer, or something before it did: perhaps too much was asked. */
  | 'silence'
  /** The contract reverts, or takes more gas than there is. */
  | 'revert'
  /** It finds the request or its answer too large, or too long in the making. */
  | 'size'
  /** It refuses, and nobody knows why. */
  | 'refusal'

const rateWords =
  /too many requests|rate.?limit|\b429\b|throughput|compute units|requests per second/i

const revertCode = 3
const revertWords =
  /revert|opcode|out of gas|gas required|stack (?:over|under)flow|invalid jump/i
const sizeWords =
  /large|too big|size|exceed|wide|range|limit|time.?out|timed out/i

/**
 * Sorts the error of a request.
 * @throws the error itself where it is not of a node.
 */
export function nodeFault(error: unknown): NodeFault {
  if (!(error instanceof RpcError)) throw error
  const { rpcCode } = error.facts
  if (rpcCode === 429 || rateWords.test(error.message)) return 'rate'
  if (error.data !== undefined || rpcCode === revertCode) return 'revert'
  if (rpcCode === undefined) return 'silence'
  if (revertWords.test(error.message)) return 'revert'
  return sizeWords.test(error.message) ? 'size' : 'refusal'
}

/** Attempts of one request after the first, before its error is thrown. */
export const mostAttempts = 6

const firstWaitMs = 100
const longestWaitMs = 5000

/** Doubles with each attempt; half of it is chance, so that lanes do not come back together. */
export function waitMs(attempt: number): number {
  const full = Math.min(longestWaitMs, firstWaitMs * 2 ** attempt)
  return full / 2 + (Math.random() * full) / 2
}

/** Waits, or throws at once what the signal was aborted with. */
export async function pause(
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((done, fail) => {
    const onAbort = (): void => {
      clearTimeout(timer)
      fail(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      done()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
