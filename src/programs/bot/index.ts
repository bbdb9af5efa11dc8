export type {
  BotObserver,
  ChainBlockReport,
  ChainBotOptions,
  ChainSummary,
  StageTimes,
} from './options.ts'
export { type BotOptions, runBot } from './runBot.ts'
export { runChainBot } from './runChainBot.ts'
