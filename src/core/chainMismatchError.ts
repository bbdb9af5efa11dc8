import { ApexError } from './errors.ts'

/** A node is of another chain than was meant. */
export class ChainMismatchError extends ApexError {
  override readonly name = 'ChainMismatchError'

  /**
   * @param expected chain id that was meant.
   * @param actual chain id that the node answered.
   */
  constructor(expected: number, actual: number) {
    super(
      'CHAIN_MISMATCH',
      `the node is of chain ${actual}, expected was chain ${expected}`,
      {
        facts: { expected, actual },
        hint: 'give the RPC of the chain the market is of',
      },
    )
  }
}
