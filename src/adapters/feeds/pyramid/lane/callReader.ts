import type { Hex } from '../../../../core/hex.ts'
import type { Rpc } from '../../../../core/rpc.ts'
import { RpcError } from '../../../../core/rpcError.ts'
import { askPatiently } from '../chain/pinBlock.ts'
import { width } from '../inParallel.ts'
import { BatchSize } from './batchSize.ts'
import { inLanes } from './inLanes.ts'
import { type Lens, openLens } from './lens.ts'
import type { LensCall } from './lensWords.ts'
import { decodeAggregate3, encodeAggregate3 } from './multicall.ts'
import {
  mostAttempts,
  type NodeFault,
  nodeFault,
  pause,
  waitMs,
} from './nodeFaults.ts'
import type { Call } from './words.ts'

/** Reads calls at one block. */
export type CallReader = {
  readonly blockNumber: number
  /**
   * What each call returns, undefined where it reverts or the node cannot run it.
   * @throws RpcError where the node does not answer, however little is asked.
   */
  read(calls: readonly Call[]): Promise<readonly (Hex | undefined)[]>
  /** A faster way to ask pools, where the node has it and it is to be used. */
  lens(): Promise<Lens | undefined>
  /** Whether the node tells state at the block at all: it may be gone, or have lost the block's. */
  tellsState(): Promise<boolean>
  /** Requests sent so far, those that failed among them. */
  readonly requests: number
}

export type CallReaderOptions = {
  readonly rpc: Rpc
  readonly multicall3: Hex
  readonly blockNumber: number
  /** Names the block where it may be replaced at any time (EIP-1898): a node that lost it does not answer. */
  readonly blockHash?: Hex
  readonly batchSize?: BatchSize
  /** Whether calls may bring code along. Default false. */
  readonly usesLens?: boolean
  readonly signal?: AbortSignal
}

/** Calls that are worth a request of their own. */
const worthwhile = 250

/** Reads through Multicall3, four batches of a `read` at once, of a size that the node takes. */
export function createCallReader(options: CallReaderOptions): CallReader {
  const { rpc, multicall3, blockNumber, blockHash, signal } = options
  const batchSize = options.batchSize ?? new BatchSize()
  const block = blockHash ? { blockHash } : `0x${blockNumber.toString(16)}`
  let requests = 0

  const ethCall = async (
    { to, data }: Call,
    ...overrides: readonly object[]
  ): Promise<unknown> => {
    signal?.throwIfAborted()
    requests += 1
    return await rpc.request('eth_call', [{ to, data }, block, ...overrides])
  }
  let opened: Promise<Lens | undefined> | undefined
  const lens = (): Promise<Lens | undefined> => {
    opened ??= options.usesLens
      ? openLens(ethCall, signal)
      : Promise.resolve(undefined)
    return opened
  }

  /** The lens, where it can answer all of the calls. */
  const lensFor = async (calls: readonly Call[]): Promise<Lens | undefined> =>
    calls.every(isMeasured) ? await lens() : undefined

  const readBatch = async (
    calls: readonly Call[],
    attempt = 0,
  ): Promise<readonly (Hex | undefined)[]> => {
    if (calls.length === 1) return [await readAlone(calls[0]!)]
    let fault: NodeFault
    try {
      const seen = await (await lensFor(calls))?.read(calls.filter(isMeasured))
      if (seen) return await retryFailures(calls, seen)
      const data = encodeAggregate3(calls)
      const answer = await ethCall({ to: multicall3, data })
      const results = decodeAggregate3(answer, calls.length)
      if (!results) throw malformed()
      batchSize.answered(calls.length)
      return await retryFailures(calls, results)
    } catch (error) {
      fault = nodeFault(error)
      if (fault === 'rate' && attempt >= mostAttempts) throw error
    }
    if (fault === 'rate') {
      await pause(waitMs(attempt), signal)
      return await readBatch(calls, attempt + 1)
    }
    // Halving ends at single calls, which count their own attempts.
    batchSize.refused(calls.length)
    if (fault !== 'revert' && fault !== 'size') await pause(waitMs(0), signal)
    const half = Math.ceil(calls.length / 2)
    return [
      ...(await readBatch(calls.slice(0, half))),
      ...(await readBatch(calls.slice(half))),
    ]
  }

  /** A call that eats the gas lets those behind it fail: what failed in company is asked alone. */
  const retryFailures = async (
    calls: readonly Call[],
    results: readonly (Hex | undefined)[],
  ): Promise<readonly (Hex | undefined)[]> => {
    const mended = [...results]
    for (const [i, result] of results.entries())
      if (result === undefined) mended[i] = await readAlone(calls[i]!)
    return mended
  }

  const readAlone = async (
    call: Call,
    attempt = 0,
  ): Promise<Hex | undefined> => {
    try {
      const answer = await ethCall(call)
      if (typeof answer !== 'string' || !/^0x[\da-f]*$/i.test(answer))
        throw malformed()
      return answer as Hex
    } catch (error) {
      const fault = nodeFault(error)
      if (fault === 'revert' || fault === 'size') return undefined
      if (attempt >= mostAttempts) {
        // A contract that no node can run, or a node that is gone?
        if (fault === 'silence' && (await isAlive())) return undefined
        throw error
      }
    }
    await pause(waitMs(attempt), signal)
    return await readAlone(call, attempt + 1)
  }

  const isAlive = async (): Promise<boolean> => {
    try {
      await rpc.request('eth_blockNumber')
      return true
    } catch {
      return false
    }
  }

  const tellsState = async (): Promise<boolean> => {
    const params = [multicall3, block]
    try {
      const code = await askPatiently(rpc, 'eth_getCode', params, signal)
      return typeof code === 'string' && code.length > 2
    } catch (error) {
      if (error instanceof RpcError) return false
      throw error
    }
  }

  return {
    blockNumber,
    lens,
    tellsState,
    get requests() {
      return requests
    },
    async read(calls) {
      const share = Math.max(worthwhile, Math.ceil(calls.length / width))
      const { callSize } = (await lensFor(calls)) ?? { callSize: batchSize }
      return await inLanes(
        calls,
        () => Math.min(callSize.size, share),
        (batch) => readBatch(batch),
      )
    },
  }
}

function isMeasured(call: Call): call is LensCall {
  return call.words !== undefined
}

function malformed(): RpcError {
  return new RpcError('eth_call: the answer is not of its form', {
    method: 'eth_call',
  })
}
