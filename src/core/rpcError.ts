import { ApexError } from './errors.ts'
import type { Hex } from './hex.ts'

/** What a node's error says, where it says it. */
export type RpcErrorFacts = {
  readonly method: string
  /** JSON-RPC error code. */
  readonly rpcCode?: number
  /** What a reverted call returned. */
  readonly data?: Hex
  /** Of a transaction's sending: surely no node took it. */
  readonly notTaken?: true
}

/**
 * A node answered with an error, or not at all. The message never holds the
 * node's URL: it may carry a key.
 */
export class RpcError extends ApexError {
  override readonly name = 'RpcError'
  /** What a reverted call returned; undefined where the error was no revert. */
  readonly data: Hex | undefined

  constructor(message: string, facts: RpcErrorFacts) {
    super('RPC_FAILED', message, { facts })
    this.data = facts.data
  }
}
