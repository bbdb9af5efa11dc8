export { backupSqliteStore } from './backupSqliteStore.ts'
export { openSqliteStore } from './openSqliteStore.ts'
