/** So many of each level run at once: chains, DEXes of a chain, shards of a DEX, lanes of a shard. 4^4 = 256 requests in flight at most. */
export const width = 4
/** Tokens or pools in a shard. */
export const shardSize = 500

/**
 * Runs over all items, at most `atOnce` of them at once; the results in the order
 * of the items. The first error ends it: nothing new is begun, and it is thrown
 * once what runs has ended.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  run: (item: Item, index: number) => Promise<Result>,
  atOnce: number = width,
): Promise<Result[]> {
  const results = new Array<Result>(items.length)
  let next = 0
  let hasFailed = false
  const worker = async (): Promise<void> => {
    while (!hasFailed && next < items.length) {
      const index = next++
      try {
        results[index] = await run(items[index]!, index)
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, worker)
  const ended = await Promise.allSettled(workers)
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  return results
}

/** The items in pieces of at most so many. */
export function shardsOf<Item>(
  items: readonly Item[],
  size: number,
): readonly (readonly Item[])[] {
  const shards: (readonly Item[])[] = []
  for (let i = 0; i < items.length; i += size)
    shards.push(items.slice(i, i + size))
  return shards
}
