import type { Dex } from '../../../market/dex.ts'
import { onChain } from '../onChain.ts'

/** DEXes on Ethereum. */
// biome-ignore format: one line a fork
export const ethereum: readonly Dex[] = onChain(1, [
  { name: 'uniswap-v2', protocol: 'uniswap-v2', address: '0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f', feePips: 3000, initCodeHash: '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f', router: '0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'uniswap-v3', protocol: 'uniswap-v3', address: '0x1F98431c8aD98523631AE4a59f267346ea31F984', initCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54', quoter: '0x61fFE014bA17989E743c5F6cB21bF9697530B21e', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'uniswap-v4', protocol: 'uniswap-v4', address: '0x000000000004444c5dc75cB358380D2e3dE08A90', quoter: '0x52F0E24D1c21C8A0cB1e5a5dD6198556BD9E1203', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'defiswap-v2', protocol: 'uniswap-v2', address: '0x9DEB29c9a4c7A88a3C0257393b7f3335338D9A9D', feePips: 3000, initCodeHash: '0x69d637e77615df9f235f642acebbdad8963ef35c5523142078c9b8f9d0ceba7e', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'pancakeswap-v2', protocol: 'uniswap-v2', address: '0x1097053Fd2ea711dad45caCcc45EfF7548fCB362', feePips: 2500, initCodeHash: '0x57224589c67f3f30a6b0d7a1b54cf3153ab84563bc609ef41dfb34f8b2974d2d', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'sushiswap-v2', protocol: 'uniswap-v2', address: '0xC0AEe478e3658e2610c5F7A4A2E1777cE9e4f2Ac', feePips: 3000, initCodeHash: '0xe18a34eb0e04b04f7a0ac29a6e80748dca96319b42c54d679cb821dca90c6303', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'shibaswap-v2', protocol: 'uniswap-v2', address: '0x115934131916C8b277DD010Ee02de363c09d037c', feePips: 3000, initCodeHash: '0x65d1a3b1e46c6e4f1be1ad5f99ef14dc488ae0549dc97db9b30afe2241ce1c7a', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'verse-v2', protocol: 'uniswap-v2', address: '0xee3E9E46E34a27dC755a63e2849C9913Ee1A06E2', feePips: 3000, initCodeHash: '0x34768b85d02b77066b16acc7f0875ed59566bb3c32ba4fb0438750e872fddf9e', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'sushiswap-v3', protocol: 'uniswap-v3', address: '0xbACEB8eC6b9355Dfc0269C18bac9d6E2Bdc29C4F', initCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54', router: '0x00F23572b16c5e9e58e7b965DEF51Ff8Ff546E34', quoter: '0x64e8802FE490fa7cc61d3463958199161Bb608A7', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'pancakeswap-v3', protocol: 'pancakeswap-v3', address: '0x0BFbCF9fa4f9C56B0F40a671Ad40E0805A091865', initCodeHash: '0x6ce8eb472fa82df5469c6ab6d485f17c3ad13c8cd7af59b3d4a8026c5ce0f7e2', router: '0x1b81D678ffb9C0263b24A97847620C99d213eB14', quoter: '0xB048Bbc1Ee6b733FFfCFb9e9CeF7375518e25997', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'supernova', protocol: 'algebra-integral', address: '0x44B7fBd4D87149eFa5347c451E74B9FD18E89c55', router: '0x72D63A5B080e1B89cC93F9B9F50cbfA5e291c8ac', quoter: '0x8217550d36823b1194b58562dAc55d7FE8EFB727', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'apeswap-v2', protocol: 'uniswap-v2', address: '0xBAe5dc9B19004883d0377419FeF3c2C8832d7d7B', feePips: 2000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'solidly-v2', protocol: 'solidly', address: '0x777de5Fe8117cAAA7B44f396E93a401Cf5c9D4d6', verified: true, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'shibaswap-v3', protocol: 'uniswap-v3', address: '0xD9CE49caf7299DaF18ffFcB2b84a44fD33412509', verified: true, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'balancer-v2', protocol: 'balancer-v2', address: '0xBA12222222228d8Ba445958a75a0704d566BF2C8', verified: true, source: 'balancer-deployments 6826feb' },
])
