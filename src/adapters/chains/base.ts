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

/** Base: one sequencer orders, in flashblocks of 200 ms whose order is final; its waiting transactions are private. */
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
  // Of whole blocks; ten flashblocks each (docs.base.org: block building).
  blockTimeMs: 2000,
  feeModel: 'opStack',
  // EIP-7825, since the Azul fork (docs.base.org: throughput and limits).
  maxTransactionGas: transactionGasCap,
  // Twenty seconds of the sequencer's word. `safe` and `finalized` follow
  // Ethereum, about 20 minutes behind (docs.base.org: transaction finality).
  finalityBlocks: 10,
  hasPublicMempool: false,
  relays: [],
}
