import type { Lender } from '../../../market/lender.ts'
import { onChain } from '../onChain.ts'

/** Lenders on OP Mainnet. */
// biome-ignore format: one line a lender
export const optimism: readonly Lender[] = onChain(10, [
  { name: 'balancer-v2', kind: 'balancerV2', address: '0xBA12222222228d8Ba445958a75a0704d566BF2C8', verified: true, source: 'balancer-deployments 6826feb' },
  { name: 'balancer-v3', kind: 'balancerV3', address: '0xbA1333333333a1BA1108E8412f11850A5C319bA9', verified: true, source: 'balancer-deployments 6826feb' },
  { name: 'aave-v3', kind: 'aaveV3', address: '0x794a61358D6845594F94dc1DB02A252b5b4814aD', verified: true, source: '@aave-dao/aave-address-book 4.68.1' },
  { name: 'morpho', kind: 'morpho', address: '0xce95AfbB8EA029495c66020883F87aaE8864AF92', verified: true, source: '@morpho-org/blue-sdk 6.4.0' },
  { name: 'uniswap-v4', kind: 'uniswapV4', address: '0x9a13F98Cb987694C9F086b1F5eB990EeA8264Ec3', verified: true, source: '@uniswap/sdk-core 7.19.4' },
])
