import { ApexError, type ErrorDetails } from '../../core/errors.ts'

/** Execution is not set up, or set up wrongly. */
export class ExecutionOptionError extends ApexError {
  override readonly name = 'ExecutionOptionError'
  constructor(message: string, details?: ErrorDetails) {
    super('EXECUTION_OPTION', message, details)
  }
}
