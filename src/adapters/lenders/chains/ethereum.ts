import type { Lender } from '../../../market/lender.ts'
import { onChain } from '../onChain.ts'

/** Lenders on Ethereum. */
// biome-ignore format: one line a lender
export const ethereum: readonly Lender[] = onChain(1, [
  { name: 'balancer-v2', kind: 'balancerV2', address: '0xBA12222222228d8Ba445958a75a0704d566BF2C8', verified: true, source: 'balancer-deployments 6826feb' },
  { name: 'balancer-v3', kind: 'balancerV3', address: '0xbA1333333333a1BA1108E8412f11850A5C319bA9', verified: true, source: 'balancer-deployments 6826feb' },
  { name: 'aave-v3', kind: 'aaveV3', address: '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2', verified: true, source: '@aave-dao/aave-address-book 4.68.1' },
  { name: 'morpho', kind: 'morpho', address: '0xBBBBBbbBBb9cC5e90e3b3Af64bdAF62C37EEFFCb', verified: true, source: '@morpho-org/blue-sdk 6.4.0' },
  { name: 'uniswap-v4', kind: 'uniswapV4', address: '0x000000000004444c5dc75cB358380D2e3dE08A90', verified: true, source: '@uniswap/sdk-core 7.19.4' },
])
