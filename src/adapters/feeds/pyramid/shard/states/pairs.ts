import type { PoolReading, PoolsToRead } from '../../found.ts'
import type { CallReader } from '../../lane/callReader.ts'
import { callOf, wordAt } from '../../lane/words.ts'

/** Pairs in the manner of Uniswap V2: getReserves() tells all. */
export async function readPairs(
  reader: CallReader,
  { dex, pools }: PoolsToRead,
): Promise<readonly PoolReading[]> {
  const { feePips } = dex
  if (feePips === undefined)
    return pools.map(() => ({ reason: 'the fee of this DEX is not known' }))
  const answers = await reader.read(
    pools.map(({ address }) => callOf(address, 'getReserves()', [], 2)),
  )
  return pools.map(({ address, tokens }, i) => {
    const reserve0 = wordAt(answers[i], 0)
    const reserve1 = wordAt(answers[i], 1)
    if (reserve0 === undefined || reserve1 === undefined)
      return { reason: 'the pair tells no reserves' }
    return {
      address,
      dex: dex.name,
      tokens,
      family: 'constantProduct',
      feePips,
      reserves: [reserve0, reserve1],
    }
  })
}
