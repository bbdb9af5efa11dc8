import type { Hex } from '../core/hex.ts'
import { keccakText } from '../core/keccak.ts'
import type { Rpc } from '../core/rpc.ts'
import { RpcError } from '../core/rpcError.ts'

const wordDigits = 64
const wordBits = 256n

/** Calldata of a function whose arguments each take one word. */
export function encodeCall(
  signature: string,
  values: readonly (bigint | boolean | Hex)[] = [],
): Hex {
  const words = values.map((value) =>
    BigInt.asUintN(Number(wordBits), BigInt(value))
      .toString(16)
      .padStart(wordDigits, '0'),
  )
  return `${keccakText(signature).slice(0, 10)}${words.join('')}` as Hex
}

/**
 * Calls a view function whose arguments and results each take one word;
 * undefined where it reverts, or answers with fewer words than wanted.
 *
 * @throws RpcError where the node does not answer.
 */
export async function readWords(
  rpc: Rpc,
  to: Hex,
  signature: string,
  values: readonly (bigint | boolean | Hex)[],
  count: number,
): Promise<readonly bigint[] | undefined> {
  const call = { to, data: encodeCall(signature, values) }
  try {
    const answer = await rpc.request('eth_call', [call, 'latest'])
    const digits = (answer as string).slice(2)
    if (digits.length < count * wordDigits) return undefined
    return Array.from({ length: count }, (_, i) =>
      BigInt(`0x${digits.slice(i * wordDigits, (i + 1) * wordDigits)}`),
    )
  } catch (error) {
    if (error instanceof RpcError && error.data !== undefined) return undefined
    throw error
  }
}

/** A word as a signed integer of so many bits. */
export function signed(word: bigint, bits = 256): bigint {
  return BigInt.asIntN(bits, word)
}
