import { ApexError, type ErrorDetails } from '../../core/errors.ts'

/** A limit on risk makes no sense. */
export class RiskOptionError extends ApexError {
  override readonly name = 'RiskOptionError'
  constructor(message: string, details?: ErrorDetails) {
    super('RISK_OPTION', message, details)
  }
}
