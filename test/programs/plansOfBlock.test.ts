import { expect, it } from 'vitest'
import { createMemoryStore } from '../../src/adapters/stores/index.ts'
import { createApex } from '../../src/apex.ts'
import { generateMarket } from '../../src/market/index.ts'
import { poolNames } from '../../src/market/plan.ts'
import { TakenPools } from '../../src/programs/plansOfBlock.ts'

const market = generateMarket({ pools: 200, tokens: 30, mispricedShare: 0.1 })
const apex = await createApex({ market })
const [first, ...others] = apex
  .scan({ limit: 50 })
  .opportunities.map((opportunity) => ({ opportunity }))
const pools = new Set(poolNames(first!.opportunity))
const shares = ({ opportunity }: NonNullable<typeof first>): boolean =>
  poolNames(opportunity).some((name) => pools.has(name))
const apart = others.find((other) => !shares(other))!
const beside = others.find(shares)!

function start() {
  const store = createMemoryStore()
  return { store, taken: new TakenPools({ store, ledger: 'test' }, 1) }
}

it('a plan that shares a pool with a better one is refused and noted', async () => {
  const { store, taken } = start()
  taken.take(first!)
  expect(await taken.refuses(beside)).toBe(true)
  expect(await taken.refuses(apart)).toBe(false)
  expect(await store.decisionCounts('test')).toEqual([
    { stage: 'submit', verdict: 'shares-pool', count: 1 },
  ])
})

it('so is one that shares a pool with what is in flight', async () => {
  const { taken } = start()
  expect(await taken.refuses(beside)).toBe(false)
  taken.takeInFlight({ terms: { pools: poolNames(first!.opportunity) } })
  expect(await taken.refuses(beside)).toBe(true)
  expect(await taken.refuses(apart)).toBe(false)
})
