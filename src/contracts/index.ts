export {
  decodePlan,
  type ExecutorHop,
  type ExecutorPlan,
  encodePlan,
  type LenderKind,
  lenderKinds,
  PlanInvalidError,
  type SwapModule,
  swapModules,
} from './calldata.ts'
export { executorAbi, executorBytecode } from './generated/executor.ts'
