import { describe, expect, it } from 'vitest'
import { createApex } from '../../../src/apex.ts'
import { generateMarket } from '../../../src/market/generate/generateMarket.ts'
import { opportunityOf, planOf } from '../../support/plans.ts'

describe('Apex without execution', () => {
  it.each([
    ['plan', opportunityOf()],
    ['simulate', planOf(opportunityOf())],
    ['execute', planOf(opportunityOf())],
  ] as const)('error: %s says how to set it up', async (method, argument) => {
    const apex = await createApex({
      market: generateMarket({ pools: 20, tokens: 5 }),
    })
    const call = apex[method] as (argument: unknown) => Promise<unknown>
    await expect(call.call(apex, argument)).rejects.toMatchObject({
      code: 'EXECUTION_OPTION',
      message: 'execution is not set up',
      hint: 'createApex({ market, execution: { rpc, executor, signer } })',
    })
  })
})
