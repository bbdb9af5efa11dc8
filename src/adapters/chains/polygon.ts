import {
  multicall3,
  type PublicChain,
  transactionGasCap,
} from './publicChain.ts'

const wrappedNative = {
  address: '0x0d500B1d8E8eF31E21C99d1Db9A6444d3ADf1270',
  symbol: 'WPOL',
  decimals: 18,
} as const

/**
 * Polygon PoS: a block producer elected by the validators orders. Private
 * submission is an URL of its own (polygon.technology: "Private Mempool", April
 * 2026); what is sent through any other node, everybody sees.
 */
export const polygon: PublicChain = {
  name: 'polygon',
  chainId: 137,
  nativeCoin: 'POL',
  wrappedNative,
  baseTokens: [
    wrappedNative,
    {
      address: '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359',
      symbol: 'USDC',
      decimals: 6,
    },
    {
      address: '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174',
      symbol: 'USDC.e',
      decimals: 6,
    },
    {
      address: '0xc2132D05D31c914a87C6611C10748AEb04B58e8F',
      symbol: 'USDT',
      decimals: 6,
    },
    {
      address: '0x7ceB23fD6bC0adD59E62ac25578270cFf1b9f619',
      symbol: 'WETH',
      decimals: 18,
    },
    {
      address: '0x8f3Cf7ad23Cd3CaDbD9735AFf958023239c6A063',
      symbol: 'DAI',
      decimals: 18,
    },
    {
      address: '0x1BFD67037B42Cf73acF2047067bd4F2C47D9BfD6',
      symbol: 'WBTC',
      decimals: 8,
    },
  ],
  multicall: multicall3,
  // PIP-86, May 2026; 2 s before. PIP-75 lets producers shorten it without a fork.
  blockTimeMs: 1750,
  feeModel: 'eip1559',
  // EIP-7825, since the Madhugiri fork.
  maxTransactionGas: transactionGasCap,
  // Milestones (PIP-11) finalise within seconds, and the tag `finalized` follows
  // them; a cautious count, for they have stood still before.
  finalityBlocks: 64,
  hasPublicMempool: true,
  relays: [],
}
