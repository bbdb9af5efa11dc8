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

/** OP Mainnet: one sequencer orders; its waiting transactions are private. */
export const optimism: PublicChain = {
  name: 'optimism',
  chainId: 10,
  nativeCoin: 'ETH',
  wrappedNative,
  baseTokens: [
    wrappedNative,
    {
      address: '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85',
      symbol: 'USDC',
      decimals: 6,
    },
    {
      address: '0x7F5c764cBc14f9669B88837ca1490cCa17c31607',
      symbol: 'USDC.e',
      decimals: 6,
    },
    {
      address: '0x94b008aA00579c1307B0EF2c499aD98a8ce58e58',
      symbol: 'USDT',
      decimals: 6,
    },
    {
      address: '0xDA10009cBd5D07dd0CeCc66161FC93D7c9000da1',
      symbol: 'DAI',
      decimals: 18,
    },
    {
      address: '0x68f180fcCe6836688e9084f035309E29Bf0A2095',
      symbol: 'WBTC',
      decimals: 8,
    },
  ],
  multicall: multicall3,
  // Fixed by the rollup's configuration (superchain-registry: block_time).
  blockTimeMs: 2000,
  feeModel: 'opStack',
  // EIP-7825, since the Karst fork, July 2026.
  maxTransactionGas: transactionGasCap,
  // Twenty seconds of the sequencer's word. `safe` and `finalized` follow
  // Ethereum, 20 to 30 minutes behind (docs.optimism.io: transaction finality).
  finalityBlocks: 10,
  hasPublicMempool: false,
  relays: [],
}
