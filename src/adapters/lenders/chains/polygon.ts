import type { Lender } from '../../../market/lender.ts'
import { onChain } from '../onChain.ts'

/** Lenders on Polygon. */
// biome-ignore format: one line a lender
export const polygon: readonly Lender[] = onChain(137, [
  { name: 'balancer-v2', kind: 'balancerV2', address: '0xBA12222222228d8Ba445958a75a0704d566BF2C8', verified: true, source: 'balancer-deployments 6826feb' },
  { name: 'aave-v3', kind: 'aaveV3', address: '0x794a61358D6845594F94dc1DB02A252b5b4814aD', verified: true, source: '@aave-dao/aave-address-book 4.68.1' },
  { name: 'morpho', kind: 'morpho', address: '0x1bF0c2541F820E775182832f06c0B7Fc27A25f67', verified: true, source: '@morpho-org/blue-sdk 6.4.0' },
  { name: 'uniswap-v4', kind: 'uniswapV4', address: '0x67366782805870060151383F4BbFF9daB53e5cD6', verified: true, source: '@uniswap/sdk-core 7.19.4' },
])
