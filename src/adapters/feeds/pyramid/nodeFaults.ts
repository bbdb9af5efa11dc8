import { RpcError } from '../../../core/rpcError.ts'

/** What a failed request tells of the node. */
export type NodeFault =
  /** Asked too often: the same request later is fine. */
  | 'rate'
  /** It did not answer, or something before it did: perhaps too much was asked. */
  | 'silence'
  /** It refuses this request: too large, too long, or wrong. */
  | 'refusal'

const rateWords =
  /too many requests|rate.?limit|\b429\b|throughput|compute units|requests per second/i

/**
 * Sorts the error of a request.
 * @throws the error itself where it is not of a node.
 */
export function nodeFault(error: unknown): NodeFault {
  if (!(error instanceof RpcError)) throw error
  const { rpcCode } = error.facts
  if (rpcCode === 429 || rateWords.test(error.message)) return 'rate'
  return rpcCode === undefined && error.data === undefined
    ? 'silence'
    : 'refusal'
}

/** Attempts of one request before its error is thrown. */
export const mostAttempts = 8

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
