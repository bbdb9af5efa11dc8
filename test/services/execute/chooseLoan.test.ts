import { describe, expect, it } from 'vitest'
import type {
  ExecutorHop,
  LenderKind,
} from '../../../src/contracts/calldata.ts'
import type { Hex } from '../../../src/core/hex.ts'
import {
  chooseLoan,
  explainNoLoan,
  type LoanRequest,
} from '../../../src/services/execute/chooseLoan.ts'
import type { LenderTerms } from '../../../src/services/execute/lenderTerms.ts'

const vault = address(1)
const token = address(2)
const v3Pool = address(3)
const manager = address(4)

const v3Hop: ExecutorHop = {
  module: 'v3',
  target: v3Pool,
  tokenOut: token,
  zeroForOne: true,
  amountOut: 1n,
}
const pairHop: ExecutorHop = {
  module: 'v2',
  target: address(5),
  tokenOut: token,
  zeroForOne: true,
  amountOut: 1n,
  feePips: 3000,
}
const vaultHop: ExecutorHop = {
  ...v3Hop,
  module: 'balancerV2',
  target: vault.toUpperCase().replace('0X', '0x') as Hex,
  poolId: '0x',
}

describe('chooseLoan', () => {
  it('default: premium and gas together decide', () => {
    const cheapGas = lender('aave-v3', 'aaveV3', 200, { premium: 5n })
    const noPremium = lender('balancer-v2', 'balancerV2', 300)
    expect(chosen([v3Hop, v3Hop], [cheapGas, noPremium])).toBe('aave-v3')
    const dear = lender('aave-v3', 'aaveV3', 200, { premium: 101n })
    expect(chosen([v3Hop, v3Hop], [dear, noPremium])).toBe('balancer-v2')
  })

  it('default: of equals the first', () => {
    const lenders = [lender('a', 'morpho', 9), lender('b', 'balancerV3', 9)]
    expect(chosen([v3Hop, v3Hop], lenders)).toBe('a')
  })

  it('behavior: a pair at the end lends by itself, where that is cheaper', () => {
    const balancer = lender('balancer-v2', 'balancerV2', 60_000)
    expect(chosen([v3Hop, pairHop], [balancer])).toBe('v2-flash-swap')
    expect(chosen([pairHop, v3Hop], [balancer])).toBe('balancer-v2')
    const cheap = lender('morpho', 'morpho', 1)
    expect(chosen([v3Hop, pairHop], [cheap])).toBe('morpho')
  })

  it('behavior: a pair that was seen not to lend is not asked again', () => {
    const deaf = { ...request([v3Hop, pairHop]), lastPairLends: false }
    expect(chooseLoan(deaf, [])).toBeUndefined()
  })

  it('behavior: a pair whose output is not named cannot pay in advance', () => {
    expect(chosen([v3Hop, { ...pairHop, amountOut: 0n }], [])).toBeUndefined()
  })

  it('behavior: own funds go before all where they suffice', () => {
    const lenders = [lender('morpho', 'morpho', 1)]
    expect(chosen([v3Hop, v3Hop], lenders, 100n)).toBe('none')
    expect(chosen([v3Hop, v3Hop], lenders, 99n)).toBe('morpho')
  })

  it('behavior: who has too little does not lend; exactly enough is enough', () => {
    const poor = lender('poor', 'morpho', 1, { available: 99n })
    const enough = lender('enough', 'aaveV3', 9, { available: 100n })
    expect(chosen([v3Hop, v3Hop], [poor, enough])).toBe('enough')
  })

  it.each([
    ['the Balancer V2 Vault', lender('x', 'balancerV2', 1), vaultHop],
    ['a Uniswap V3 pool', lender('x', 'uniswapV3', 1, { at: v3Pool }), v3Hop],
  ] as const)(
    'behavior: %s does not lend to a route through it',
    (_, own, hop) => {
      expect(chosen([hop, { ...v3Hop, target: address(9) }], [own])).toBe(
        undefined,
      )
      const other = { ...hop, target: address(8) }
      expect(chosen([other, { ...v3Hop, target: address(9) }], [own])).toBe('x')
    },
  )

  it('behavior: the V4 PoolManager lends to a route through it', () => {
    const v4Hop: ExecutorHop = {
      ...v3Hop,
      module: 'v4',
      target: manager,
      feePips: 1,
      tickSpacing: 1,
      hooks: token,
      native: false,
    }
    const own = lender('uniswap-v4', 'uniswapV4', 1, { at: manager })
    expect(chosen([v4Hop, v3Hop], [own])).toBe('uniswap-v4')
  })
})

describe('explainNoLoan', () => {
  it('default: names every lender and what keeps it from lending', () => {
    const { terms: _, ...down } = lender('down', 'morpho', 1)
    expect(
      explainNoLoan(request([vaultHop]), [
        lender('empty', 'aaveV3', 1, { available: 0n }),
        lender('balancer-v2', 'balancerV2', 1),
        { ...down, fault: 'eth_call: timeout' } as LenderTerms,
      ]),
    ).toBe(
      'empty has 0, balancer-v2 is itself in the route, down does not answer: eth_call: timeout',
    )
    expect(explainNoLoan(request([]), [])).toBe('no lender is known')
  })
})

function chosen(
  hops: readonly ExecutorHop[],
  lenders: readonly LenderTerms[],
  ownFunds = 0n,
): string | undefined {
  return chooseLoan({ ...request(hops), ownFunds }, lenders)?.loan.lender
}

function request(hops: readonly ExecutorHop[]): LoanRequest {
  return {
    amount: 100n,
    hops,
    ownFunds: 0n,
    lastPairLends: true,
    cost: (premium, gas) => premium + BigInt(gas),
  }
}

function lender(
  name: string,
  kind: LenderKind,
  gas: number,
  {
    premium = 0n,
    available = 10n ** 9n,
    at = vault,
  }: { premium?: bigint; available?: bigint; at?: Hex } = {},
): LenderTerms {
  return {
    lender: {
      name,
      chainId: 1,
      kind,
      address: at,
      verified: true,
      source: 'test',
    },
    protocol: {
      kind,
      gas,
      readTerms: () => Promise.reject(new Error('not asked')),
    },
    terms: { available, premium: () => premium, lendsToken1: false },
  }
}

function address(number: number): Hex {
  return `0x${number.toString(16).padStart(40, 'a')}`
}
