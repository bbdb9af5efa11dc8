import { ApexError, type ErrorDetails } from '../../core/errors.ts'

/**
 * A key, keystore or reference to one cannot be used. Never holds key,
 * mnemonic or password, and no cause: what lies below may echo them.
 */
export class KeyInvalidError extends ApexError {
  override readonly name = 'KeyInvalidError'
  constructor(message: string, details: Omit<ErrorDetails, 'cause'> = {}) {
    super('KEY_INVALID', message, details)
  }
}
