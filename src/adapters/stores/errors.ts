import { ApexError, type ErrorDetails } from '../../core/errors.ts'
import type { Intent } from '../../market/executionStore.ts'

/** A file is no store of this program, or of a newer one, or a row contradicts it. */
export class StoreInvalidError extends ApexError {
  override readonly name = 'StoreInvalidError'
  constructor(message: string, details?: ErrorDetails) {
    super('STORE_INVALID', message, details)
  }
}

/** Somebody else writes to the ledger: two would each hold to the limits, and together break them. */
export class LedgerInUseError extends ApexError {
  override readonly name = 'LedgerInUseError'
  constructor(ledger: string, database: string) {
    super(
      'LEDGER_IN_USE',
      `another bot trades on the ledger ${ledger} of ${database}`,
      {
        facts: { ledger, database },
        hint: 'stop that one first: two would break limits that each keeps',
      },
    )
  }
}

/** Two transactions of one nonce, neither of which is done with. */
export function nonceInUse({ nonce, terms }: Intent): StoreInvalidError {
  return new StoreInvalidError(
    `nonce ${nonce} of ${terms.operator} has a transaction that is unfinished or mined`,
    {
      facts: { nonce, account: terms.operator },
      hint: 'settle unfinished transactions first; run one process for an account',
    },
  )
}
