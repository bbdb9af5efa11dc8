export {
  type Apex,
  type ApexOptions,
  createApex,
} from './apex.ts'
export { AddressInvalidError, parseAddress } from './core/address.ts'
export { ApexError, type ErrorCode, errorCodes } from './core/errors.ts'
export type { Hex } from './core/hex.ts'
export {
  formatAmount,
  formatUnits,
  parseUnits,
  UnitsError,
} from './core/units.ts'
export * from './engine/index.ts'
export * from './market/index.ts'
export { type PoolQuote, TokenNotTradedError } from './services/quote/quote.ts'
export type { ScanOptions, ScanResult } from './services/scan/scan.ts'
export {
  type QuoteDifference,
  type Verification,
  verifyQuotes,
} from './services/verify/verifyQuotes.ts'
