import { ApexError, type ErrorDetails } from '../../core/errors.ts'

/**
 * The configuration has a mistake. Its message is one line, begins with where
 * the mistake is and never holds a value that may be a secret.
 */
export class ConfigInvalidError extends ApexError {
  override readonly name = 'ConfigInvalidError'

  /** @param place path of the key, `chains.base.rpc[1]`, or the file. */
  constructor(
    place: string,
    message: string,
    details: Omit<ErrorDetails, 'cause'> = {},
  ) {
    super('CONFIG_INVALID', `${place}: ${message}`, {
      ...details,
      facts: { place, ...details.facts },
    })
  }
}
