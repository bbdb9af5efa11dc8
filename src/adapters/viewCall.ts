import type { Hex } from '../core/hex.ts'
import { keccakText } from '../core/keccak.ts'
import type { Rpc } from '../core/rpc.ts'
import { RpcError } from '../core/rpcError.ts'

/** A value of one word: an integer, signed or not, or an address. */
export type WordValue = bigint | Hex

/**
 * Calls a function whose arguments and results are all of one word, at the
 * latest block; returns the words. `from`: in whose name, where the contract
 * cares; nothing is changed either way.
 *
 * @throws RpcError where the call reverts, or there is no such contract.
 * @example
 * const [balance] = await viewCall(rpc, token, 'balanceOf(address)', [holder])
 */
export async function viewCall(
  rpc: Rpc,
  to: Hex,
  signature: string,
  values: readonly WordValue[] = [],
  from?: Hex,
): Promise<readonly [bigint, ...bigint[]]> {
  const selector = keccakText(signature).slice(0, 10)
  const data = `${selector}${values.map(encodeWord).join('')}`
  const call = { ...(from && { from }), to, data }
  const result = await rpc.request('eth_call', [call, 'latest'])
  if (typeof result !== 'string' || !/^0x[\da-f]*$/i.test(result))
    throw new RpcError(`${signature} of ${to} returns no words`, {
      method: 'eth_call',
    })
  const [first, ...others] = decodeWords(result as Hex)
  if (first === undefined)
    throw new RpcError(`${signature} of ${to} returns nothing`, {
      method: 'eth_call',
    })
  return [first, ...others]
}

/** The address in a word. */
export function addressIn(word: bigint): Hex {
  return `0x${BigInt.asUintN(160, word).toString(16).padStart(40, '0')}`
}

function encodeWord(value: WordValue): string {
  return BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, '0')
}

function decodeWords(data: Hex): bigint[] {
  const words: bigint[] = []
  for (let at = 2; at + 64 <= data.length; at += 64)
    words.push(BigInt(`0x${data.slice(at, at + 64)}`))
  return words
}
