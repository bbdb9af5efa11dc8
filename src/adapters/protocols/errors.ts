import { ApexError, type ErrorDetails } from '../../core/errors.ts'

/** Genuine contracts cannot be set up as asked. */
export class WorldInvalidError extends ApexError {
  override readonly name = 'WorldInvalidError'
  constructor(message: string, details?: ErrorDetails) {
    super('WORLD_INVALID', message, details)
  }
}
