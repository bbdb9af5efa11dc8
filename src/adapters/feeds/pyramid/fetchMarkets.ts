import { fetchMarket } from './fetchMarket.ts'
import type { FetchedMarket, FetchOptions } from './fetchOptions.ts'
import { inParallel } from './inParallel.ts'

/** What is done with a chain's market as soon as it is read, while others are read still. */
export type TakeMarket<Result> = (
  market: Promise<FetchedMarket>,
  place: number,
) => Promise<Result>

/**
 * Markets of several chains, four at once, in the order of the chains; one
 * chain's failure stops no other.
 *
 * @param take told of each chain when its reading begins; the chain counts as
 * read once it is done with it. Default: the markets are returned.
 */
export async function fetchMarkets(
  chains: readonly FetchOptions[],
): Promise<readonly PromiseSettledResult<FetchedMarket>[]>
export async function fetchMarkets<Result>(
  chains: readonly FetchOptions[],
  take: TakeMarket<Result>,
): Promise<readonly PromiseSettledResult<Result>[]>
export async function fetchMarkets(
  chains: readonly FetchOptions[],
  take: TakeMarket<unknown> = (market) => market,
): Promise<readonly PromiseSettledResult<unknown>[]> {
  return await inParallel(chains, async (options, place) => {
    const [result] = await Promise.allSettled([
      take(fetchMarket(options), place),
    ])
    return result
  })
}
