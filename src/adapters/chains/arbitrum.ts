import {
  multicall3,
  type PublicChain,
  transactionGasCap,
} from './publicChain.ts'

const wrappedNative = {
  address: '0x82aF49447D8a07e3bd95BD0d56f35241523fBab1',
  symbol: 'WETH',
  decimals: 18,
} as const

/** Arbitrum One: one sequencer orders, first come first served; what it has ordered it does not take back in ordinary times. */
export const arbitrum: PublicChain = {
  name: 'arbitrum',
  chainId: 42_161,
  nativeCoin: 'ETH',
  wrappedNative,
  baseTokens: [
    wrappedNative,
    {
      address: '0xaf88d065e77c8cC2239327C5EDb3A432268e5831',
      symbol: 'USDC',
      decimals: 6,
    },
    {
      address: '0xFF970A61A04b1cA14834A43f5dE4533eBDDB5CC8',
      symbol: 'USDC.e',
      decimals: 6,
    },
    {
      address: '0xFd086bC7CD5C481DCC9C85ebE478A1C0b69FCbb9',
      symbol: 'USDT',
      decimals: 6,
    },
    {
      address: '0xDA10009cBd5D07dd0CeCc66161FC93D7c9000da1',
      symbol: 'DAI',
      decimals: 18,
    },
    {
      address: '0x2f2a2543B76A4166549F7aaB2e75Bef0aefC5B0f',
      symbol: 'WBTC',
      decimals: 8,
    },
  ],
  multicall: multicall3,
  // The sequencer's usual pace where there is traffic (docs.arbitrum.io: block numbers and time).
  blockTimeMs: 250,
  feeModel: 'arbitrum',
  // The chain allows 32 million beside the gas for data on L1; less is asked for.
  maxTransactionGas: transactionGasCap,
  // Ten seconds of the sequencer's word. `safe` and `finalized` follow Ethereum,
  // minutes behind (docs.arbitrum.io: finality and chain reorganizations).
  finalityBlocks: 40,
  hasPublicMempool: false,
  relays: [],
}
