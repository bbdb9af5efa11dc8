import type { Clock } from './clock.ts'
import type { PoolNode } from './poolNode.ts'
import { readQuantity } from './readHeader.ts'

/** Compares the heads of a pool's nodes. */
export type HeadLook = {
  look(): Promise<void>
  /** Where the last look is older than the interval; never rejects. */
  lookWhereDue(): Promise<void>
}

type Seen = {
  readonly node: PoolNode
  readonly head: number
  readonly time: number
}

/**
 * Asks all nodes at once for their newest block. A node that answered earlier
 * than the best may be behind by what the chain grew meanwhile: that is taken
 * off its lag, by the growth from look to look.
 */
export function createHeadLook(
  nodes: readonly PoolNode[],
  clock: Clock,
  intervalMs: number,
): HeadLook {
  let lastBest: Seen | undefined
  let dueAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  async function lookNow(): Promise<void> {
    const answers = await Promise.all(
      nodes.map(async (node): Promise<Seen | undefined> => {
        await node.recheck()
        const call = { method: 'eth_blockNumber', params: [] }
        const outcome = await node.send(call, true)
        if (outcome.kind !== 'result') return undefined
        const head = readQuantity(outcome.result)
        return head === undefined
          ? undefined
          : { node, head, time: clock.now() }
      }),
    )
    const seen = answers.filter((answer) => answer !== undefined)
    const [first, ...others] = seen
    if (!first) return
    const best = others.reduce((a, b) => (b.head > a.head ? b : a), first)
    const blocksPerMs =
      lastBest && best.time > lastBest.time
        ? Math.max(0, best.head - lastBest.head) / (best.time - lastBest.time)
        : 0
    for (const { node, head, time } of seen) {
      const grown = Math.ceil(Math.max(0, best.time - time) * blocksPerMs)
      node.sawHead(head, Math.max(0, best.head - head - grown))
    }
    lastBest = best
  }

  const look = (): Promise<void> => {
    dueAt = clock.now() + intervalMs
    looking ??= lookNow().finally(() => {
      looking = undefined
    })
    return looking
  }
  return {
    look,
    async lookWhereDue() {
      if (clock.now() < dueAt) return
      if (nodes.length > 1) return await look()
      // Alone it has none to lag behind, but may be of another chain.
      dueAt = clock.now() + intervalMs
      await nodes[0]?.recheck()
    },
  }
}
