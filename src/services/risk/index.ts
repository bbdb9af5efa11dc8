export {
  createRisk,
  type Judgement,
  type NotedExecution,
  type Reason,
  type Risk,
  type RiskHead,
  type RiskLimits,
  type RiskOptions,
  type RiskStatus,
  setBreaker,
} from './createRisk.ts'
export { RiskOptionError } from './errors.ts'
