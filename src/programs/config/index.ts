export {
  type ChainConfig,
  type Config,
  ConfigInvalidError,
  type ConfigSources,
  configTemplate,
  type KnownNames,
  parseConfig,
  type RiskConfig,
  type ShownChain,
  type ShownConfig,
  showConfig,
  type TipConfig,
} from '../../adapters/config/index.ts'
export {
  defaultConfigFile,
  type ReadConfigOptions,
  readConfig,
  readPassword,
  readRpcUrls,
  readWebSocketUrls,
} from '../readConfig.ts'
