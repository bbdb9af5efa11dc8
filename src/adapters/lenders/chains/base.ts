import type { Lender } from '../../../market/lender.ts'
import { onChain } from '../onChain.ts'

/** Lenders on Base. */
// biome-ignore format: one line a lender
export const base: readonly Lender[] = onChain(8453, [
  { name: 'balancer-v2', kind: 'balancerV2', address: '0xBA12222222228d8Ba445958a75a0704d566BF2C8', verified: true, source: 'balancer-deployments 6826feb' },
  { name: 'balancer-v3', kind: 'balancerV3', address: '0xbA1333333333a1BA1108E8412f11850A5C319bA9', verified: true, source: 'balancer-deployments 6826feb' },
  { name: 'aave-v3', kind: 'aaveV3', address: '0xA238Dd80C259a72e81d7e4664a9801593F98d1c5', verified: true, source: '@aave-dao/aave-address-book 4.68.1' },
  { name: 'morpho', kind: 'morpho', address: '0xBBBBBbbBBb9cC5e90e3b3Af64bdAF62C37EEFFCb', verified: true, source: '@morpho-org/blue-sdk 6.4.0' },
  { name: 'uniswap-v4', kind: 'uniswapV4', address: '0x498581fF718922c3f8e6A244956aF099B2652b2b', verified: true, source: '@uniswap/sdk-core 7.19.4' },
])
