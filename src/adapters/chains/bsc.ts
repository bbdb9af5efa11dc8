import {
  multicall3,
  type PublicChain,
  transactionGasCap,
} from './publicChain.ts'

const wrappedNative = {
  address: '0xbb4CdB9CBd36B01bD1cBaEBF2De08d9173bc095c',
  symbol: 'WBNB',
  decimals: 18,
} as const

/** BNB Smart Chain: validators take most blocks from builders; the public pool is still there. */
export const bsc: PublicChain = {
  name: 'bsc',
  chainId: 56,
  nativeCoin: 'BNB',
  wrappedNative,
  baseTokens: [
    wrappedNative,
    {
      address: '0x55d398326f99059fF775485246999027B3197955',
      symbol: 'USDT',
      decimals: 18,
    },
    {
      address: '0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d',
      symbol: 'USDC',
      decimals: 18,
    },
    {
      address: '0xc5f0f7b66764F6ec8C8Dff7BA683102295E16409',
      symbol: 'FDUSD',
      decimals: 18,
    },
    {
      address: '0x2170Ed0880ac9A755fd29B2688956BD959F933F8',
      symbol: 'ETH',
      decimals: 18,
    },
    {
      address: '0x7130d2A12B9BCbFAe4f2634d864A1Ee1Ce3Ead9c',
      symbol: 'BTCB',
      decimals: 18,
    },
  ],
  multicall: multicall3,
  // BEP-619, since the Fermi fork, January 2026.
  blockTimeMs: 450,
  feeModel: 'eip1559',
  // BEP-652 (EIP-7825), since the Osaka/Mendel fork, April 2026.
  maxTransactionGas: transactionGasCap,
  // Fast finality (BEP-126) takes two blocks, and the tag `finalized` follows
  // it; a validator's turn is 16 blocks long, so that few more say nothing where it fails.
  finalityBlocks: 16,
  hasPublicMempool: true,
  relays: ['bloxroute-protect'],
}
