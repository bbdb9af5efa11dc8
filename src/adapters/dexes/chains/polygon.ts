import type { Dex } from '../../../market/dex.ts'
import { onChain } from '../onChain.ts'

/** DEXes on Polygon. */
// biome-ignore format: one line a fork
export const polygon: readonly Dex[] = onChain(137, [
  { name: 'uniswap-v2', protocol: 'uniswap-v2', address: '0x9e5A52f57b3038F1B8EeE45F28b3C1967e22799C', feePips: 3000, initCodeHash: '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f', router: '0xedf6066a2b290C185783862C7F4776A2C8077AD1', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'uniswap-v3', protocol: 'uniswap-v3', address: '0x1F98431c8aD98523631AE4a59f267346ea31F984', initCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54', quoter: '0x61fFE014bA17989E743c5F6cB21bF9697530B21e', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'uniswap-v4', protocol: 'uniswap-v4', address: '0x67366782805870060151383F4BbFF9daB53e5cD6', quoter: '0xb3d5c3Dfc3a7aEbFF71895A7191796BFFc2c81b9', verified: true, source: '@uniswap/sdk-core 7.19.4' },
  { name: 'apeswap-v2', protocol: 'uniswap-v2', address: '0xCf083Be4164828f00cAE704EC15a36D711491284', feePips: 2000, initCodeHash: '0x511f0f358fe530cda0859ec20becf391718fdf5a329be02f4c95361f3d6a42d8', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'sushiswap-v2', protocol: 'uniswap-v2', address: '0xc35DADB65012eC5796536bD9864eD8773aBc74C4', feePips: 3000, initCodeHash: '0xe18a34eb0e04b04f7a0ac29a6e80748dca96319b42c54d679cb821dca90c6303', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'quickswap-v2', protocol: 'uniswap-v2', address: '0x5757371414417b8C6CAad45bAeF941aBc7d3Ab32', feePips: 3000, initCodeHash: '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'waultswap-v2', protocol: 'uniswap-v2', address: '0xa98ea6356A316b44Bf710D5f9b6b4eA0081409Ef', feePips: 2000, initCodeHash: '0x1cdc2246d318ab84d8bc7ae2a3d81c235f3db4e113f4c6fdc1e2211a9291be47', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'sushiswap-v3', protocol: 'uniswap-v3', address: '0x917933899c6a5F8E37F31E19f92CdBFF7e8FF0e2', initCodeHash: '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54', router: '0x34D41cE301257a4615D4F5AD260FA91D03925243', quoter: '0xb1E835Dc2785b52265711e17fCCb0fd018226a6e', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'quickswap-v3', protocol: 'algebra-v1', address: '0x411b0fAcC3489691f28ad58c47006AF5E3Ab3A28', initCodeHash: '0x6ec6c9c8091d160c0aa74b2b14ba9c1717e95093bd3ac085cee99a49aab294a4', router: '0xf5b509bB0909a69B1c207E495f687a596C168E12', quoter: '0xa15F0D7377B2A0C0c10db057f641beD21028FC89', verified: true, source: '@paraswap/dex-lib 5.0.6' },
  { name: 'dfyn-v2', protocol: 'uniswap-v2', address: '0xE7Fb3e833eFE5F9c441105EB65Ef8b261266423B', feePips: 3000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'cometh-v2', protocol: 'uniswap-v2', address: '0x800b052609c355cA8103E06F022aA30647eAd60a', feePips: 5000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'polycat-v2', protocol: 'uniswap-v2', address: '0x477Ce834Ae6b7aB003cCe4BC4d8697763FF456FA', feePips: 2400, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'jetswap-v2', protocol: 'uniswap-v2', address: '0x668ad0ed2622C62E24f0d5ab6B6Ac1b9D2cD4AC7', feePips: 1000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'honeyswap-v2', protocol: 'uniswap-v2', address: '0x03DAa61d8007443a6584e3d8f85105096543C19c', feePips: 3000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'gravityfinance-v2', protocol: 'uniswap-v2', address: '0x3ed75AfF4094d2Aaa38FaFCa64EF1C152ec1Cf20', feePips: 3000, verified: false, source: 'DefiLlama-Adapters 1eb4e81' },
  { name: 'balancer-v2', protocol: 'balancer-v2', address: '0xBA12222222228d8Ba445958a75a0704d566BF2C8', verified: true, source: 'balancer-deployments 6826feb' },
])
