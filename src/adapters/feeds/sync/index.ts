export {
  type BlockSync,
  type BlockSyncOptions,
  createBlockSync,
  type SyncTarget,
} from './blockSync.ts'
export type { BlockPlace } from './chainTail.ts'
export type { GrowthRules } from './growthRules.ts'
export type { GrowthOptions } from './poolNursery.ts'
export type {
  AppliedEvent,
  ResyncEvent,
  ResyncReason,
  RevertedEvent,
  SyncEvent,
} from './syncEvent.ts'
