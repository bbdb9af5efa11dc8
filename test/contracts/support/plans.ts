import {
  type ExecutorHop,
  type ExecutorPlan,
  encodePlan,
} from '../../../src/contracts/index.ts'
import type { Hex } from '../../../src/core/hex.ts'

export const zero: Hex = '0x0000000000000000000000000000000000000000'

/** Packs a plan of which only what matters to the test is given. */
export function packPlan(
  plan: Pick<ExecutorPlan, 'token' | 'amountIn' | 'hops'> &
    Partial<ExecutorPlan>,
): Hex {
  return encodePlan({
    chainId: 31337,
    deadline: 2_000_000_000,
    firstBlock: 0,
    lastBlock: 2 ** 40,
    minProfit: 0n,
    lender: { kind: 'none', address: zero, lendsToken1: false },
    tip: { bps: 0, to: zero },
    ...plan,
  })
}

type HopOf<Module> = Extract<ExecutorHop, { readonly module: Module }>
type Common = Pick<HopOf<'v3'>, 'target' | 'tokenOut'> &
  Partial<Pick<HopOf<'v3'>, 'zeroForOne' | 'amountOut'>>

const rest = { zeroForOne: true, amountOut: 0n }

export function v2Hop(hop: Common): ExecutorHop {
  return { module: 'v2', feePips: 3000, ...rest, ...hop }
}

export function solidlyHop(hop: Common): ExecutorHop {
  return { module: 'solidly', ...rest, ...hop }
}

export function v3Hop(hop: Common): ExecutorHop {
  return { module: 'v3', ...rest, ...hop }
}

export function v4Hop(hop: Common & Partial<HopOf<'v4'>>): ExecutorHop {
  return {
    feePips: 3000,
    tickSpacing: 60,
    hooks: zero,
    native: false,
    ...rest,
    ...hop,
    module: 'v4',
  }
}

export function balancerHop(
  hop: Common & Partial<HopOf<'balancerV2'>>,
): ExecutorHop {
  return {
    poolId: `0x${'00'.repeat(32)}`,
    ...rest,
    ...hop,
    module: 'balancerV2',
  }
}
