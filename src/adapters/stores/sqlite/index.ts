export { backupSqliteStore } from './backupSqliteStore.ts'
export { inspectSqliteStore, type StoreVersion } from './inspectSqliteStore.ts'
export {
  type LedgerLease,
  leaseLedger,
  leaseLedgers,
} from './leaseLedger.ts'
export { openSqliteStore } from './openSqliteStore.ts'
