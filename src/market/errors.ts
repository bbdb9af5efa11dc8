import { ApexError, type ErrorDetails } from '../core/errors.ts'

/** The market has no such pool. */
export class PoolUnknownError extends ApexError {
  override readonly name = 'PoolUnknownError'
  constructor(pool: string, details?: ErrorDetails) {
    super('POOL_UNKNOWN', `the market has no pool ${pool}`, {
      facts: { pool },
      ...details,
    })
  }
}

/** The market has no such token. */
export class TokenUnknownError extends ApexError {
  override readonly name = 'TokenUnknownError'
  constructor(token: string, details?: ErrorDetails) {
    super('TOKEN_UNKNOWN', `the market has no token ${token}`, {
      facts: { token },
      ...details,
    })
  }
}

/** Several tokens have this symbol and none is traded most. */
export class TokenAmbiguousError extends ApexError {
  override readonly name = 'TokenAmbiguousError'
  constructor(symbol: string, addresses: readonly string[]) {
    super(
      'TOKEN_AMBIGUOUS',
      `${addresses.length} tokens are called ${symbol}: ${addresses.join(', ')}`,
      { facts: { symbol, addresses }, hint: 'give the address' },
    )
  }
}

/** A block does not follow the market it is applied to, or there is none to revert. */
export class MarketConflictError extends ApexError {
  override readonly name = 'MarketConflictError'
  constructor(message: string, details?: ErrorDetails) {
    super('MARKET_CONFLICT', message, details)
  }
}

/** A market is built from parts that contradict each other: duplicates, a pool of one token. */
export class MarketInvalidError extends ApexError {
  override readonly name = 'MarketInvalidError'
  constructor(message: string, details?: ErrorDetails) {
    super('MARKET_INVALID', message, details)
  }
}

/** A market or quotes file is malformed; the message begins with file and line. */
export class MarketFileError extends ApexError {
  override readonly name = 'MarketFileError'
  constructor(
    file: string,
    line: number,
    message: string,
    details?: ErrorDetails,
  ) {
    super('MARKET_FILE', `${file}:${line}: ${message}`, {
      ...details,
      facts: { ...details?.facts, file, line },
    })
  }
}
