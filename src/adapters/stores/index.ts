export { StoreInvalidError } from './errors.ts'
export { killSwitchFile } from './killSwitchFile.ts'
export { createMemoryStore, type MemoryStoreOptions } from './memoryStore.ts'
export { backupSqliteStore, openSqliteStore } from './sqlite/index.ts'
