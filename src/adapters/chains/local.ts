import type { Chain } from '../../market/chain.ts'
import { multicall3, transactionGasCap } from './publicChain.ts'

/** A development node on this machine: anvil, Hardhat or the embedded EVM. */
export const local: Chain = {
  name: 'local',
  chainId: 31_337,
  nativeCoin: 'ETH',
  wrappedNative: undefined,
  baseTokens: [],
  multicall: multicall3,
  blockTimeMs: 1000,
  feeModel: 'eip1559',
  maxTransactionGas: transactionGasCap,
  finalityBlocks: 1,
  hasPublicMempool: false,
  relays: [],
}
