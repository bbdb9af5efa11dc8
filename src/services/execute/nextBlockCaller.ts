import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { bytesIn } from '../../core/rpcAnswers.ts'
import { RpcError } from '../../core/rpcError.ts'

/** JSON-RPC 2.0: invalid params. */
const invalidParams = -32602

/**
 * Runs calls upon the latest block at the time of the next one: a swap that is
 * the first of its second in a pool also writes the pair's price accumulators
 * or the oracle, which takes up to 45,000 gas, and fees may follow the time.
 * The block's time is the fourth parameter of `eth_call` (geth, reth, Erigon,
 * Nethermind, anvil); where a node refuses it, calls run at the time of the
 * latest block.
 */
export class NextBlockCaller {
  readonly #rpc: Rpc
  #takesTime = true

  constructor(rpc: Rpc) {
    this.#rpc = rpc
  }

  /**
   * What the call returns.
   *
   * @param timestamp unix seconds of the next block.
   * @throws RpcError
   */
  async call(
    call: Readonly<Record<string, string>>,
    timestamp: number,
  ): Promise<Hex> {
    const method = 'eth_call'
    if (this.#takesTime)
      try {
        const time = `0x${timestamp.toString(16)}`
        const params = [call, 'latest', {}, { time }]
        return bytesIn(method, await this.#rpc.request(method, params))
      } catch (error) {
        if (!isRefused(error)) throw error
        this.#takesTime = false
      }
    return bytesIn(method, await this.#rpc.request(method, [call, 'latest']))
  }
}

function isRefused(error: unknown): boolean {
  if (!(error instanceof RpcError) || error.data !== undefined) return false
  const { rpcCode } = error.facts
  return rpcCode === invalidParams
}
