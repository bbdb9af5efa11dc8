import type { Dex } from '../../../market/dex.ts'
import { onChain } from '../onChain.ts'

/** DEXes on Arbitrum One. */
// biome-ignore format: one line a fork
export const arbitrum: readonly Dex[] = onChain(42161, [
  { name: 'uniswap-v2', protocol: 'uniswap-v2', address: '0xf1D7CC64Fb4452F05c498126312eBE29f30Fbcf9', feePips: 3000, initCodeHash: '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f', router: '0x4752ba5DBc23f44D87826276BF6Fd6b1C372aD24', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'uniswap-v3', protocol: 'uniswap-v3', address: '0x1F98431c8aD98523631AE4a59f267346ea31F984', initCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54', quoter: '0x61fFE014bA17989E743c5F6cB21bF9697530B21e', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'uniswap-v4', protocol: 'uniswap-v4', address: '0x360E68faCcca8cA495c1B759Fd9EEe466db9FB32', quoter: '0x3972C00f7ed4885e145823eb7C655375d275A1C5', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'sushiswap-v2', protocol: 'uniswap-v2', address: '0xc35DADB65012eC5796536bD9864eD8773aBc74C4', feePips: 3000, initCodeHash: '0xe18a34eb0e04b04f7a0ac29a6e80748dca96319b42c54d679cb821dca90c6303', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'sushiswap-v3', protocol: 'uniswap-v3', address: '0x1af415a1EbA07a4986a52B6f2e7dE7003D82231e', initCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54', router: '0xbDa4176fD98b47018aF673805d069b9dbd49373D', quoter: '0x0524E833cCD057e4d7A296e3aaAb9f7675964Ce1', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'ramses-v2', protocol: 'uniswap-v3', address: '0xAA2cd7477c451E703f3B9Ba5663334914763edF8', router: '0xAA23611badAFB62D37E7295A682D21960ac85A90', quoter: '0xAA20EFF7ad2F523590dE6c04918DaAE0904E3b20', verified: false, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'pancakeswap-v3', protocol: 'pancakeswap-v3', address: '0x0BFbCF9fa4f9C56B0F40a671Ad40E0805A091865', initCodeHash: '0x6ce8eb472fa82df5469c6ab6d485f17c3ad13c8cd7af59b3d4a8026c5ce0f7e2', router: '0x1b81D678ffb9C0263b24A97847620C99d213eB14', quoter: '0xB048Bbc1Ee6b733FFfCFb9e9CeF7375518e25997', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'ramses-v1', protocol: 'solidly', address: '0xAAA20D08e59F6561f242b08513D36266C5A29415', initCodeHash: '0x1565b129f2d1790f12d45301b9b084335626f0c92410bc43130763b69971135d', router: '0xb2634B3CBc1E401AB3C2743DB44d459C5c9aA662', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'pancakeswap-v2', protocol: 'uniswap-v2', address: '0x02a84c1b3BBD7401a5f7fa98a384EBC70bB5749E', feePips: 2500, initCodeHash: '0x57224589c67f3f30a6b0d7a1b54cf3153ab84563bc609ef41dfb34f8b2974d2d', verified: true, source: '@pancakeswap/sdk 5.9.2' },
  { name: 'apeswap-v2', protocol: 'uniswap-v2', address: '0xCf083Be4164828f00cAE704EC15a36D711491284', feePips: 2000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'solidlizard-v1', protocol: 'solidly', address: '0x734d84631f00dC0d3FCD18b04b6cf42BFd407074', verified: true, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'chronos-v1', protocol: 'solidly', address: '0xCe9240869391928253Ed9cc9Bcb8cb98CB5B0722', verified: true, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'arbswap-v2', protocol: 'uniswap-v2', address: '0x88F1E030eb4C6C4320Da3992070bAF6c648ce37f', feePips: 3000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'camelot-v4', protocol: 'algebra-integral', address: '0xd490F2F6990C0291597fd1247651b4E0dCF684Dd', verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'balancer-v2', protocol: 'balancer-v2', address: '0xBA12222222228d8Ba445958a75a0704d566BF2C8', verified: true, source: 'balancer-deployments 6826feb' },
])
