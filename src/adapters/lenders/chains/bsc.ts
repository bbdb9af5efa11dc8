import type { Lender } from '../../../market/lender.ts'
import { onChain } from '../onChain.ts'

/** Lenders on BNB Smart Chain. */
// biome-ignore format: one line a lender
export const bsc: readonly Lender[] = onChain(56, [
  { name: 'balancer-v2', kind: 'balancerV2', address: '0xBA12222222228d8Ba445958a75a0704d566BF2C8', verified: true, source: 'balancer-deployments 6826feb' },
  { name: 'aave-v3', kind: 'aaveV3', address: '0x6807dc923806fE8Fd134338EABCA509979a7e0cB', verified: true, source: '@aave-dao/aave-address-book 4.68.1' },
  { name: 'morpho', kind: 'morpho', address: '0x01b0Bd309AA75547f7a37Ad7B1219A898E67a83a', verified: true, source: '@morpho-org/blue-sdk 6.4.0' },
  { name: 'uniswap-v4', kind: 'uniswapV4', address: '0x28e2Ea090877bF75740558f6BFB36A5ffeE9e9dF', verified: true, source: '@uniswap/sdk-core 7.19.4' },
])
