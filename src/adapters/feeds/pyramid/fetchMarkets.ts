import { fetchMarket } from './fetchMarket.ts'
import type { FetchedMarket, FetchOptions } from './fetchOptions.ts'
import { inParallel } from './inParallel.ts'

/**
 * Markets of several chains, four at once, in the order of the chains; one
 * chain's failure stops no other.
 */
export async function fetchMarkets(
  chains: readonly FetchOptions[],
): Promise<readonly PromiseSettledResult<FetchedMarket>[]> {
  return await inParallel(chains, async (options) => {
    const [result] = await Promise.allSettled([fetchMarket(options)])
    return result
  })
}
