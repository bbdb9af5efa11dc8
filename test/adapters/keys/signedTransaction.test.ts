import { SigningKey, Transaction } from 'ethers'
import {
  assert,
  bigInt,
  constant,
  oneof,
  property,
  record,
  uint8Array,
} from 'fast-check'
import { it } from 'vitest'
import { signedTransaction } from '../../../src/adapters/keys/signedTransaction.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { keccakText } from '../../../src/core/keccak.ts'

const hexOf = (bytes: Uint8Array): Hex =>
  `0x${Buffer.from(bytes).toString('hex')}`
const wei = bigInt({ min: 0n, max: 2n ** 128n })
const small = bigInt({ min: 0n, max: 2n ** 53n - 1n }).map(Number)
/** Around the lengths at which RLP says a length otherwise. */
const data = oneof(
  ...[2, 56, 300, 70_000].map((maxLength) => uint8Array({ maxLength })),
).map(hexOf)

it('any transaction: the bytes are those of ethers', () => {
  const transactions = record({
    key: bigInt({ min: 0n, max: 2n ** 200n }).map((n) => keccakText(`${n}`)),
    to: oneof(
      constant(undefined),
      uint8Array({ minLength: 20, maxLength: 20 }).map(hexOf),
    ),
    chainId: small,
    nonce: small,
    data,
    value: wei,
    gasLimit: wei,
    maxPriorityFeePerGas: wei,
    aboveIt: wei,
  }).map(({ aboveIt, ...fields }) => ({
    ...fields,
    // Less than the priority fee is refused by ethers.
    maxFeePerGas: fields.maxPriorityFeePerGas + aboveIt,
  }))
  assert(
    property(transactions, ({ key, to, ...fields }) => {
      const signing = new SigningKey(key)
      const transaction = { ...fields, ...(to && { to }) }
      const theirs = Transaction.from({ ...fields, type: 2, to: to ?? null })
      theirs.signature = signing.sign(theirs.unsignedHash)
      const ours = signedTransaction(transaction, (hash) => signing.sign(hash))
      return ours === theirs.serialized
    }),
    { numRuns: 300, seed: 5 },
  )
})
