import type { Dex } from '../../../market/dex.ts'
import { onChain } from '../onChain.ts'

/** DEXes on BNB Smart Chain. */
// biome-ignore format: one line a fork
export const bsc: readonly Dex[] = onChain(56, [
  { name: 'uniswap-v2', protocol: 'uniswap-v2', address: '0x8909Dc15e40173Ff4699343b6eB8132c65e18eC6', feePips: 3000, initCodeHash: '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f', router: '0x4752ba5DBc23f44D87826276BF6Fd6b1C372aD24', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'uniswap-v3', protocol: 'uniswap-v3', address: '0xdB1d10011AD0Ff90774D0C6Bb92e5C5c8b4461F7', initCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54', quoter: '0x78D78E420Da98ad378D7799bE8f4AF69033EB077', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'uniswap-v4', protocol: 'uniswap-v4', address: '0x28e2Ea090877bF75740558f6BFB36A5ffeE9e9dF', quoter: '0x9F75dD27D6664c475B90e105573E550ff69437B0', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'apeswap-v2', protocol: 'uniswap-v2', address: '0x0841BD0B734E4F5853f0dD8d7Ea041c241fb0Da6', feePips: 2000, initCodeHash: '0xf4ccce374816856d11f00e4069e7cada164065686fbef53c6167a63ec2fd8c5b', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'pancakeswap-v1', protocol: 'uniswap-v2', address: '0xBCfCcbde45cE874adCB698cC183deBcF17952812', feePips: 2000, initCodeHash: '0xd0d4c4cd0848c93cb4fd1f498d7013ee6bfb25783ea21593d5834f5d250ece66', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'pancakeswap-v2', protocol: 'uniswap-v2', address: '0xcA143Ce32Fe78f1f7019d7d551a6402fC5350c73', feePips: 2500, initCodeHash: '0x00fb7f630766e6a796048ea87d01acd3068e8ff67d078148a3fa3f4a84f69bd5', verified: true, source: '@pancakeswap/sdk 5.9.2' },
  { name: 'sushiswap-v3', protocol: 'uniswap-v3', address: '0x126555dd55a39328F69400d6aE4F782Bd4C34ABb', initCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54', router: '0xDCf4EE5B700e2a5Fec458e06B763A4a3E3004494', quoter: '0xb1E835Dc2785b52265711e17fCCb0fd018226a6e', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'pancakeswap-v3', protocol: 'pancakeswap-v3', address: '0x0BFbCF9fa4f9C56B0F40a671Ad40E0805A091865', initCodeHash: '0x6ce8eb472fa82df5469c6ab6d485f17c3ad13c8cd7af59b3d4a8026c5ce0f7e2', router: '0x1b81D678ffb9C0263b24A97847620C99d213eB14', quoter: '0xB048Bbc1Ee6b733FFfCFb9e9CeF7375518e25997', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'thena-v1', protocol: 'solidly', address: '0xAFD89d21BdB66d00817d4153E055830B1c2B3970', initCodeHash: '0x8d3d214c094a9889564f695c3e9fa516dd3b50bc3258207acd7f8b8e6b94fb65', router: '0xc2b5a8082D2E1867A9CBBF41b625E3ae9dF81f8b', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'thena-fusion', protocol: 'algebra-v1', address: '0x306F06C147f064A010530292A1EB6737c3e378e4', initCodeHash: '0xd61302e7691f3169f5ebeca3a0a4ab8f7f998c01e55ec944e62cfb1109fd2736', router: '0x327Dd3208f0bCF590A66110aCB6e5e6941A4EfA0', quoter: '0xeA68020D6A9532EeC42D4dB0f92B83580c39b2cA', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'sushiswap-v2', protocol: 'uniswap-v2', address: '0xc35DADB65012eC5796536bD9864eD8773aBc74C4', feePips: 3000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'biswap-v2', protocol: 'uniswap-v2', address: '0x858E3312ed3A876947EA49d572A7C42DE08af7EE', verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'babydogeswap-v2', protocol: 'uniswap-v2', address: '0x4693B62E5fc9c0a45F89D62e6300a03C85f43137', feePips: 3000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'mdex-v2', protocol: 'uniswap-v2', address: '0x3CD1C46068dAEa5Ebb0d3f55F6915B10648062B8', feePips: 3000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'bakeryswap-v2', protocol: 'uniswap-v2', address: '0x01bF7C66c6BD861915CdaaE475042d3c4BaE16A7', feePips: 3000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'knightswap-v2', protocol: 'uniswap-v2', address: '0xf0bc2E21a76513aa7CC2730C7A1D6deE0790751f', feePips: 2000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'thena-integral', protocol: 'algebra-integral', address: '0x30055F87716d3DFD0E5198C27024481099fB4A98', verified: true, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'balancer-v2', protocol: 'balancer-v2', address: '0xBA12222222228d8Ba445958a75a0704d566BF2C8', verified: true, source: 'balancer-deployments 6826feb' },
])
