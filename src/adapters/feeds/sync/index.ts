export {
  type BlockSync,
  type BlockSyncOptions,
  createBlockSync,
  type SyncTarget,
} from './blockSync.ts'
export type { BlockPlace } from './chainTail.ts'
export type {
  AppliedEvent,
  ResyncEvent,
  ResyncReason,
  RevertedEvent,
  SyncEvent,
} from './syncEvent.ts'
