import type { Hex } from './hex.ts'

/**
 * A chain node that answers JSON-RPC, in the manner of EIP-1193: over HTTP, or
 * a machine in this process.
 */
export type Rpc = {
  /** @throws RpcError where the node answers with an error. */
  request(method: string, params?: readonly unknown[]): Promise<unknown>
}

/** A log as `eth_getLogs` gives it, numbers read. */
export type Log = {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly txHash: Hex
  readonly txIndex: number
  readonly logIndex: number
}
