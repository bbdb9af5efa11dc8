import { transactionGasCap } from '../../adapters/chains/publicChain.ts'
import { larger, smaller } from '../../core/bigints.ts'
import type { Hex } from '../../core/hex.ts'

const baseGas = 21_000
/** A zero byte is one token, another byte four (EIP-7623). */
const standardGasPerToken = 4
const floorGasPerToken = 10
const zeroDigit = 48

/** What a transaction costs beside its execution. */
export type CalldataGas = {
  /** 21,000, and 4 for each zero byte, 16 for each other (EIP-2028). */
  readonly intrinsic: bigint
  /** What is charged at least, execution included (EIP-7623). */
  readonly floor: bigint
}

/** Gas of the calldata of a call. */
export function calldataGas(data: Hex): CalldataGas {
  let tokens = 0
  for (let at = 2; at < data.length; at += 2) {
    const isZero =
      data.charCodeAt(at) === zeroDigit && data.charCodeAt(at + 1) === zeroDigit
    tokens += isZero ? 1 : 4
  }
  return {
    intrinsic: BigInt(baseGas + standardGasPerToken * tokens),
    floor: BigInt(baseGas + floorGasPerToken * tokens),
  }
}

/** Gas of a whole transaction whose execution takes `executionGas`, before refunds. */
export function transactionGas(data: Hex, executionGas: bigint): bigint {
  const { intrinsic, floor } = calldataGas(data)
  return larger(intrinsic + executionGas, floor)
}

/**
 * The gas limit for a transaction that took `gasUsed` in simulation: a fifth
 * more. Each call keeps back 1/64 of the gas for its caller (EIP-150): six
 * calls deep, as a token in a pool in a loan is, that may ask for a tenth more
 * than is used. The rest is for ticks that others' swaps make us cross. Gas
 * that is not used costs nothing.
 */
export function gasLimitFor(gasUsed: bigint, blockGasLimit: bigint): bigint {
  return smaller(gasUsed + gasUsed / 5n, highestGasLimit(blockGasLimit))
}

/** The most gas that a transaction can have in such a block. */
export function highestGasLimit(blockGasLimit: bigint): bigint {
  return smaller(blockGasLimit, transactionGasCap)
}
