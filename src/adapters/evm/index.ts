export { checkEmbeddedChain } from './edrProvider.ts'
export { createEmbeddedChain, type EmbeddedChain } from './embeddedChain.ts'
export type { EmbeddedChainOptions, FundedAccount } from './options.ts'
