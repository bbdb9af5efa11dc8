import {
  multicall3,
  type PublicChain,
  transactionGasCap,
} from './publicChain.ts'

const wrappedNative = {
  address: '0x4200000000000000000000000000000000000006',
  symbol: 'WETH',
  decimals: 18,
} as const

/** Base: one sequencer orders; its waiting transactions are private. */
export const base: PublicChain = {
  name: 'base',
  chainId: 8453,
  nativeCoin: 'ETH',
  wrappedNative,
  baseTokens: [
    wrappedNative,
    {
      address: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
      symbol: 'USDC',
      decimals: 6,
    },
    {
      address: '0xd9aAEc86B65D86f6A7B5B1b0c42FFA531710b6CA',
      symbol: 'USDbC',
      decimals: 6,
    },
    {
      address: '0xcbB7C0000aB88B473b1f5aFd9ef808440eed33Bf',
      symbol: 'cbBTC',
      decimals: 8,
    },
  ],
  multicall: multicall3,
  blockTimeMs: 2000,
  feeModel: 'opStack',
  maxTransactionGas: transactionGasCap,
  finalityBlocks: 10,
  hasPublicMempool: false,
  relays: [],
}
