export { backupSqliteStore } from './backupSqliteStore.ts'
export {
  type LedgerLease,
  leaseLedger,
  leaseLedgers,
} from './leaseLedger.ts'
export { openSqliteStore } from './openSqliteStore.ts'
