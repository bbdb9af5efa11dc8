export { LedgerInUseError, StoreInvalidError } from './errors.ts'
export { killSwitchFile } from './killSwitchFile.ts'
export { createMemoryStore, type MemoryStoreOptions } from './memoryStore.ts'
export {
  backupSqliteStore,
  type LedgerLease,
  leaseLedger,
  leaseLedgers,
  openSqliteStore,
} from './sqlite/index.ts'
