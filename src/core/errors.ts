/**
 * Every error code of the package with what it means. Each error class names
 * one of them; a test holds that every class's code is here and none is used
 * twice.
 */
export const errorCodes = {
  ADDRESS_INVALID: 'not an address, or its checksum is wrong',
  UNITS_INVALID: 'not a decimal amount of such a token',
  ENGINE_UNAVAILABLE: 'WebAssembly with SIMD is not available here',
  ENGINE_CAPACITY: 'the engine was asked for more memory than it may take',
  POOL_INVALID: 'the state of a pool breaks a rule of its family',
  POOL_UNKNOWN: 'the market has no such pool',
  TOKEN_UNKNOWN: 'the market has no such token',
  TOKEN_AMBIGUOUS: 'several tokens of the market have this symbol',
  TOKEN_NOT_TRADED: 'the pool does not trade this token',
  SCAN_OPTION: 'a scan was asked for something it cannot do',
  SWAP_REVERTS: 'the pool contract would revert on this swap',
  MARKET_INVALID: 'the parts of a market contradict each other',
  MARKET_FILE: 'a market or quotes file is malformed',
  MARKET_CONFLICT: 'a block does not follow the market it is applied to',
  PLAN_INVALID: 'the executor contract cannot be told this plan',
  EXECUTION_OPTION: 'execution is not set up, or set up wrongly',
  RPC_FAILED: 'a chain node answered with an error, or not at all',
  CHAIN_MISMATCH: 'the node is of another chain than was meant',
  CONFIG_INVALID: 'the configuration has a mistake',
  PACKAGE_MISSING: 'an optional package is not installed',
  WORLD_INVALID: 'genuine contracts cannot be set up as asked',
  ADAPTER_UNKNOWN: 'no adapter for such a chain, DEX or lender',
  RISK_OPTION: 'a limit on risk makes no sense',
  STORE_INVALID: 'the file is no database of this program, or of a newer one',
  LEDGER_IN_USE: 'another process writes to the same ledger',
  HISTORY_FOLDER: 'the folder a history should go to is not empty',
  KEY_INVALID: 'a key, keystore or reference to one cannot be used',
  DEPLOY_FAILED: 'a transaction of a deployment did not do what it was to do',
  USAGE: 'a command was called with a wrong argument',
} as const

/** The code of an {@link ApexError}: a key of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes

/** What an {@link ApexError} carries beside its message. */
export type ErrorDetails = {
  /** The values the error is about, by name. Never a secret. */
  readonly facts?: Readonly<Record<string, unknown>>
  /** What to check or do next, one sentence. */
  readonly hint?: string
  /** The error below this one. */
  readonly cause?: unknown
}

/**
 * The parent of every error this package throws on purpose: a stable `code`, a
 * short message, the `facts` and a `hint`.
 *
 * @example
 * try {
 *   market.pool('0x…')
 * } catch (error) {
 *   if (error instanceof ApexError) console.error(error.code, error.facts)
 * }
 */
export class ApexError extends Error {
  override readonly name: string = 'ApexError'
  readonly code: ErrorCode
  readonly facts: Readonly<Record<string, unknown>>
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.code = code
    this.facts = details.facts ?? {}
    this.hint = details.hint
  }
}
