export { LedgerInUseError, StoreInvalidError } from './errors.ts'
export { killSwitchFile } from './killSwitchFile.ts'
export { createMemoryStore, type MemoryStoreOptions } from './memoryStore.ts'
export {
  backupSqliteStore,
  inspectSqliteStore,
  type LedgerLease,
  leaseLedger,
  leaseLedgers,
  openSqliteStore,
  type StoreVersion,
} from './sqlite/index.ts'
