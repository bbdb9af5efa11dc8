import type { Hex } from './hex.ts'

/** A chain's native coin and the ERC-20 token that wraps it; both have 18 decimals. */
export type NativeCoin = {
  readonly symbol: string
  readonly wrappedAddress: Hex
}

const nativeCoins: ReadonlyMap<number, NativeCoin> = new Map([
  [
    1,
    {
      symbol: 'ETH',
      wrappedAddress: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
    },
  ],
  [
    10,
    {
      symbol: 'ETH',
      wrappedAddress: '0x4200000000000000000000000000000000000006',
    },
  ],
  [
    56,
    {
      symbol: 'BNB',
      wrappedAddress: '0xbb4CdB9CBd36B01bD1cBaEBF2De08d9173bc095c',
    },
  ],
  [
    137,
    {
      symbol: 'POL',
      wrappedAddress: '0x0d500B1d8E8eF31E21C99d1Db9A6444d3ADf1270',
    },
  ],
  [
    8453,
    {
      symbol: 'ETH',
      wrappedAddress: '0x4200000000000000000000000000000000000006',
    },
  ],
  [
    42161,
    {
      symbol: 'ETH',
      wrappedAddress: '0x82aF49447D8a07e3bd95BD0d56f35241523fBab1',
    },
  ],
])

/** Decimals of every native coin and its wrapper. */
export const nativeDecimals = 18

/**
 * The native coin of a chain, or undefined where the chain is not known here:
 * a market file of such a chain names the wrapper in its header.
 */
export function nativeCoin(chainId: number): NativeCoin | undefined {
  return nativeCoins.get(chainId)
}
