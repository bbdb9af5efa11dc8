import { ChainMismatchError } from '../../../../core/chainMismatchError.ts'
import { ApexError } from '../../../../core/errors.ts'
import { RpcError } from '../../../../core/rpcError.ts'
import type { CallReader } from '../lane/callReader.ts'
import { nodeFault } from '../lane/nodeFaults.ts'

/** What a DEX's part of a reading came to, or why the DEX is to be left out. */
export type Apart<Result> =
  | { readonly result: Result }
  | { readonly fault: ApexError }

/**
 * Runs what is of one DEX, apart from the others: a fault of its own ends its
 * part only.
 *
 * @throws what is no single DEX's fault: a node that tells no state at the
 * block, asks for a rest or is of another chain.
 */
export async function runApart<Result>(
  reader: Pick<CallReader, 'tellsState'>,
  run: () => Promise<Result>,
): Promise<Apart<Result>> {
  try {
    return { result: await run() }
  } catch (error) {
    if (!(error instanceof ApexError)) throw error
    if (await isOwn(error, reader)) return { fault: error }
    throw error
  }
}

/** Whether the others can go on: the node answers them. */
async function isOwn(
  error: ApexError,
  reader: Pick<CallReader, 'tellsState'>,
): Promise<boolean> {
  if (error instanceof ChainMismatchError) return false
  if (!(error instanceof RpcError)) return true
  return nodeFault(error) !== 'rate' && (await reader.tellsState())
}

/** Why the pools of a DEX are left out. */
export function reasonOf({ message }: ApexError): string {
  return `its DEX cannot be read: ${message}`
}
