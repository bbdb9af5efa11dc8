export {
  createEmbeddedChain,
  type EmbeddedChain,
  type EmbeddedChainOptions,
  type FundedAccount,
} from './embeddedChain.ts'
