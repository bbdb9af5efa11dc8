import type { ExecutorHop, SwapModule } from '../../contracts/calldata.ts'

/** The executor's own work: guards, reading the plan, the profit check, the event. */
const frameGas = 30_000

/**
 * Gas of one hop at the low end: one that crosses no tick and moves tokens
 * plainly. Low on purpose: it only rules out what cannot pay; the simulation
 * measures.
 */
const hopGas: Readonly<Record<SwapModule, number>> = {
  v2: 40_000,
  solidly: 50_000,
  v3: 55_000,
  v4: 60_000,
  balancerV2: 75_000,
}

/** Gas that the execution of these hops takes at least, about; without the loan's and the transaction's own. */
export function approximateLeastGas(hops: readonly ExecutorHop[]): number {
  return hops.reduce((gas, { module }) => gas + hopGas[module], frameGas)
}
