export { deployExecutor, type ExecutorOwners } from './deployExecutor.ts'
export {
  type SimulateObserver,
  type SimulateOptions,
  simulateDefaults,
} from './options.ts'
export { type SimulationResult, simulate } from './simulate.ts'
export type { SimulationSummary } from './summary.ts'
export { createWorld } from './world/createWorld.ts'
export type {
  Deviation,
  LenderName,
  UserSwap,
  World,
  WorldOptions,
} from './world/world.ts'
