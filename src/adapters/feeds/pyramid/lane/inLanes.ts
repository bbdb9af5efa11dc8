import { inParallel, width } from '../inParallel.ts'

/**
 * Runs over all items in batches, four lanes at once; results in the order of
 * the items. The size of batches may change on the way: each lane takes what is
 * right when it is free, and at least one item.
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  sizeNow: () => number,
  run: (batch: readonly Item[]) => Promise<readonly Result[]>,
  weightOf: (item: Item) => number = () => 1,
): Promise<Result[]> {
  const results = new Array<Result>(items.length)
  let next = 0
  await inParallel(Array.from({ length: width }), async () => {
    while (next < items.length) {
      const from = next
      const size = sizeNow()
      let weight = weightOf(items[next++]!)
      while (next < items.length) {
        weight += weightOf(items[next]!)
        if (weight > size) break
        next += 1
      }
      const answers = await run(items.slice(from, next))
      for (const [i, answer] of answers.entries()) results[from + i] = answer
    }
  })
  return results
}
