import {
  multicall3,
  type PublicChain,
  transactionGasCap,
} from './publicChain.ts'

const wrappedNative = {
  address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  symbol: 'WETH',
  decimals: 18,
} as const

/** Ethereum: proposers sign what builders order; two epochs finalise a block. */
export const ethereum: PublicChain = {
  name: 'ethereum',
  chainId: 1,
  nativeCoin: 'ETH',
  wrappedNative,
  baseTokens: [
    wrappedNative,
    {
      address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
      symbol: 'USDC',
      decimals: 6,
    },
    {
      address: '0xdAC17F958D2ee523a2206206994597C13D831ec7',
      symbol: 'USDT',
      decimals: 6,
    },
    {
      address: '0x6B175474E89094C44Da98b954EedeAC495271d0F',
      symbol: 'DAI',
      decimals: 18,
    },
    {
      address: '0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599',
      symbol: 'WBTC',
      decimals: 8,
    },
  ],
  multicall: multicall3,
  // One slot, some of them empty (consensus-specs: SECONDS_PER_SLOT).
  blockTimeMs: 12_000,
  feeModel: 'eip1559',
  // EIP-7825, since Fusaka (EIP-7607).
  maxTransactionGas: transactionGasCap,
  // Two epochs of 32 slots; the tag `finalized` trails by two to three.
  finalityBlocks: 64,
  hasPublicMempool: true,
  relays: ['flashbots-protect', 'mev-blocker'],
}
