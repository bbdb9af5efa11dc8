export {
  type Apex,
  type ApexOptions,
  createApex,
} from './apex.ts'
export { AddressInvalidError, parseAddress } from './core/address.ts'
export { ApexError, type ErrorCode, errorCodes } from './core/errors.ts'
export type { Hex } from './core/hex.ts'
export type { Log, Rpc } from './core/rpc.ts'
export { RpcError } from './core/rpcError.ts'
export type { Signer, UnsignedTransaction } from './core/signer.ts'
export {
  formatAmount,
  formatUnits,
  parseUnits,
  UnitsError,
} from './core/units.ts'
export * from './engine/index.ts'
export * from './market/index.ts'
export { ExecutionOptionError } from './services/execute/errors.ts'
export type { ExecutionOptions } from './services/execute/executionOptions.ts'
export { type PoolQuote, TokenNotTradedError } from './services/quote/quote.ts'
export type { ScanOptions, ScanResult } from './services/scan/scan.ts'
export {
  type QuoteDifference,
  type Verification,
  verifyQuotes,
} from './services/verify/verifyQuotes.ts'
