import { ApexError, type ErrorDetails } from '../core/errors.ts'

/** The pool contract would revert on this swap: no liquidity, a zero amount, an overflow. */
export class SwapRevertsError extends ApexError {
  override readonly name = 'SwapRevertsError'
  constructor(message: string, details?: ErrorDetails) {
    super('SWAP_REVERTS', message, details)
  }
}

/** The state of a pool breaks a rule of its family. */
export class PoolInvalidError extends ApexError {
  override readonly name = 'PoolInvalidError'
  constructor(message: string, details?: ErrorDetails) {
    super('POOL_INVALID', message, details)
  }
}

/** A scan was asked for something it cannot do. */
export class ScanOptionError extends ApexError {
  override readonly name = 'ScanOptionError'
  constructor(message: string, details?: ErrorDetails) {
    super('SCAN_OPTION', message, details)
  }
}

/** The engine was asked for more memory than WebAssembly can give. */
export class EngineCapacityError extends ApexError {
  override readonly name = 'EngineCapacityError'
  constructor(message: string, details?: ErrorDetails) {
    super('ENGINE_CAPACITY', message, details)
  }
}

/** WebAssembly with SIMD is not available here. */
export class EngineUnavailableError extends ApexError {
  override readonly name = 'EngineUnavailableError'
  constructor(message: string, details?: ErrorDetails) {
    super('ENGINE_UNAVAILABLE', message, details)
  }
}
