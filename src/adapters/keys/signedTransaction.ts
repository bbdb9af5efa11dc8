import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Hex } from '../../core/hex.ts'
import { joinBytes, rlpBytes, rlpInteger, rlpList } from '../../core/rlp.ts'
import type { UnsignedTransaction } from '../../core/signer.ts'

/** What a key signs a hash with. */
export type EcdsaSignature = {
  readonly r: string
  readonly s: string
  readonly yParity: 0 | 1
}

const transactionType = Uint8Array.of(2)

/**
 * Signs an EIP-1559 transaction and returns its bytes: encoded by hand, for
 * the coder of all kinds of transactions takes longer than the signature.
 */
export function signedTransaction(
  transaction: UnsignedTransaction,
  sign: (hash: Hex) => EcdsaSignature,
): Hex {
  const { chainId, nonce, to, data, value, gasLimit } = transaction
  const fields = [
    rlpInteger(BigInt(chainId)),
    rlpInteger(BigInt(nonce)),
    rlpInteger(transaction.maxPriorityFeePerGas),
    rlpInteger(transaction.maxFeePerGas),
    rlpInteger(gasLimit),
    rlpBytes(to === undefined ? new Uint8Array() : bytesOf(to)),
    rlpInteger(value),
    rlpBytes(bytesOf(data)),
    // No access list.
    rlpList([]),
  ]
  const { r, s, yParity } = sign(hexOf(keccak_256(encoded(fields))))
  return hexOf(
    encoded([
      ...fields,
      rlpInteger(BigInt(yParity)),
      rlpInteger(BigInt(r)),
      rlpInteger(BigInt(s)),
    ]),
  )
}

function encoded(fields: readonly Uint8Array[]): Uint8Array {
  return joinBytes([transactionType, rlpList(fields)])
}

function bytesOf(hex: Hex): Uint8Array {
  return hexToBytes(hex.slice(2))
}

function hexOf(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`
}
