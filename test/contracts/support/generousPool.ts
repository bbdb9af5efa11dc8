import type { Contract } from './chain.ts'
import { createPuppet, functions, type Puppet } from './puppets.ts'
import type { Stage } from './stage.ts'

/** A pair that pays the executor `amount` of a token for nothing, as long as its `stock` lasts. */
export async function generousPool(
  { chain, executor, weth }: Stage,
  token: Contract,
  amount: bigint,
  stock: bigint = amount,
): Promise<Puppet> {
  const pool = await createPuppet(chain)
  const fund = token === weth ? 'transfer' : 'mint'
  await token.send(fund, [pool.address, stock])
  await pool.play(functions.pairSwap, [
    {
      to: token.address,
      data: token.encode('transfer', [executor.address, amount]),
    },
  ])
  return pool
}
