import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { addressIn } from '../viewCall.ts'

/** What each contract told last, by node and question. */
const toldLast = new WeakMap<Rpc, Map<string, Hex>>()

/**
 * Reads what stands at an address that another contract tells. Such addresses
 * hardly ever change: what stands at the one told last is asked for at the same
 * time, and again where it is another one now. Nothing is assumed, and nobody
 * waits for two answers in a row.
 *
 * @param question tells this address from others that the node was asked for.
 * @param told the word with the address.
 * @throws RpcError, and what `read` throws.
 */
export async function readThrough<T>(
  rpc: Rpc,
  question: string,
  told: Promise<bigint>,
  read: (address: Hex) => Promise<T>,
): Promise<T> {
  const known = knownOf(rpc).get(question)
  const early = known && read(known)
  // A fault is told where it is awaited.
  early?.catch(() => {})
  const address = addressIn(await told)
  if (early && address === known) return await early
  knownOf(rpc).set(question, address)
  return await read(address)
}

function knownOf(rpc: Rpc): Map<string, Hex> {
  const known = toldLast.get(rpc) ?? new Map()
  toldLast.set(rpc, known)
  return known
}
