export type { ChainConfig, Config, RiskConfig, TipConfig } from './config.ts'
export { configTemplate } from './configTemplate.ts'
export { ConfigInvalidError } from './errors.ts'
export {
  type ConfigSources,
  type KnownNames,
  parseConfig,
} from './parseConfig.ts'
export {
  type ShownChain,
  type ShownConfig,
  showConfig,
  showUrl,
} from './showConfig.ts'
