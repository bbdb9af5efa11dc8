import type { GenerateOptions } from '../../src/market/index.ts'

/** A market of all families that takes a moment to scan. */
export const smallMarket: GenerateOptions = {
  pools: 150,
  tokens: 25,
  seed: 11,
  mispricedShare: 0.1,
  families: {
    constantProduct: 2,
    concentrated: 1,
    solidlyVolatile: 1,
    solidlyStable: 1,
  },
}
