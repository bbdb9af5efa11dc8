import type { Dex } from '../../../market/dex.ts'
import { onChain } from '../onChain.ts'

/** DEXes on OP Mainnet. */
// biome-ignore format: one line a fork
export const optimism: readonly Dex[] = onChain(10, [
  { name: 'uniswap-v2', protocol: 'uniswap-v2', address: '0x0c3c1c532F1e39EdF36BE9Fe0bE1410313E074Bf', feePips: 3000, initCodeHash: '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f', router: '0x4A7b5Da61326A6379179b40d00F57E5bbDC962c2', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'uniswap-v3', protocol: 'uniswap-v3', address: '0x1F98431c8aD98523631AE4a59f267346ea31F984', initCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54', quoter: '0x61fFE014bA17989E743c5F6cB21bF9697530B21e', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'uniswap-v4', protocol: 'uniswap-v4', address: '0x9a13F98Cb987694C9F086b1F5eB990EeA8264Ec3', quoter: '0x1f3131A13296FB91C90870043742C3CDBFF1A8d7', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'sushiswap-v3', protocol: 'uniswap-v3', address: '0x9c6522117e2ed1fE5bdb72bb0eD5E3f2bdE7DBe0', initCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54', router: '0xa05d8C3F278fC7b20b39Ea7A3035E3aD8D808c78', quoter: '0xb1E835Dc2785b52265711e17fCCb0fd018226a6e', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'velodrome-slipstream', protocol: 'slipstream', address: '0xCc0bDDB707055e04e497aB22a59c2aF4391cd12F', router: '0x49e94895A26e697602c8270e437688514b291a81', quoter: '0x89D8218ed5fF1e46d8dcd33fb0bbeE3be1621466', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'velodrome-v1', protocol: 'solidly', address: '0x25CbdDb98b35ab1FF77413456B31EC81A6B6B746', initCodeHash: '0xc1ac28b1c4ebe53c0cff67bab5878c4eb68759bb1e9f73977cd266b247d149f0', router: '0xa2f581b012E0f2dcCDe86fCbfb529f4aC5dD4983', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'velodrome-v2', protocol: 'solidly', address: '0xF1046053aa5682b4F9a81b5481394DA16BE5FF5a', initCodeHash: '0x1a8f01f7eab324003d9388f229ea17991eee9c9d14586f429799f3656790eba0', router: '0xa2f581b012E0f2dcCDe86fCbfb529f4aC5dD4983', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'balancer-v2', protocol: 'balancer-v2', address: '0xBA12222222228d8Ba445958a75a0704d566BF2C8', verified: true, source: 'balancer-deployments 6826feb' },
])
