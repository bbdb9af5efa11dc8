export { createEmbeddedChain, type EmbeddedChain } from './embeddedChain.ts'
export type { EmbeddedChainOptions, FundedAccount } from './options.ts'
