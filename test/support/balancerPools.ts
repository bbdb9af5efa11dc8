import type { Hex } from '../../src/core/hex.ts'
import type { Pool, Token } from '../../src/market/index.ts'

const one = 10n ** 18n

/** Balancer V2 pools of a market's first tokens: two weighted, a stable one of two tokens and one of three. */
export function balancerPools(tokens: readonly Token[]): readonly Pool[] {
  const [a, b, c, d] = tokens as readonly [Token, Token, Token, Token]
  const amount = (token: Token, whole: bigint): bigint =>
    whole * 10n ** BigInt(token.decimals)
  return [
    {
      ...names(1, a, b),
      family: 'weighted',
      swapFee: 3n * 10n ** 15n,
      reserves: [amount(a, 800n), amount(b, 600_000n)],
      weights: [(8n * one) / 10n, (2n * one) / 10n],
      scalingFactors: [scale(a), scale(b)],
      wholeExponents: 'multiplied',
    },
    {
      ...names(2, a, d),
      family: 'weighted',
      swapFee: 10n ** 15n,
      reserves: [amount(a, 900n), amount(d, 2_700_000n)],
      weights: [one / 2n, one / 2n],
      scalingFactors: [scale(a), scale(d)],
      wholeExponents: 'multiplied',
    },
    {
      ...names(3, b, c),
      family: 'stable',
      swapFee: 10n ** 14n,
      amplification: 100_000n,
      poolTokens: [b.address, c.address],
      balances: [amount(b, 1_000_000n), amount(c, 2_000_000n)],
      scalingFactors: [scale(b), scale(c)],
      pair: [0, 1],
    },
    {
      ...names(4, b, d),
      family: 'stable',
      swapFee: 10n ** 14n,
      amplification: 200_000n,
      poolTokens: [b.address, c.address, d.address],
      balances: [
        amount(b, 1_000_000n),
        amount(c, 2_000_000n),
        amount(d, 1_500_000n),
      ],
      scalingFactors: [scale(b), scale(c), scale(d)],
      pair: [0, 2],
    },
  ]
}

function names(
  index: number,
  token0: Token,
  token1: Token,
): Pick<Pool, 'address' | 'poolId' | 'dex' | 'tokens'> & { poolId: Hex } {
  const address: Hex = `0x${String(index).padStart(40, '0')}`
  return {
    address,
    poolId: `${address}${'0'.repeat(24)}`,
    dex: 'balancer-v2',
    tokens: [token0.address, token1.address],
  }
}

/** 10^(18 - decimals), with 18 decimals. */
function scale({ decimals }: Token): bigint {
  return 10n ** BigInt(18 - decimals) * one
}
