import type { Hex } from '../../core/hex.ts'
import type { Log } from '../../core/rpc.ts'
import type { DexProtocol } from '../../market/dex.ts'
import type { Outcome, Plan } from '../../market/plan.ts'
import type { MinedBlock } from './minedBlock.ts'
import type { Rival } from './trades.ts'

/** Tells who traded in a plan's pools before it. */
export type PoolTouches = {
  /** In the order of the block; empty where the plan found its pools as it knew them. */
  rivalsOf(plan: Plan, outcome: Outcome, block: MinedBlock): readonly Rival[]
}

/** `operators`: accounts of the participants; all others are users. */
export function createPoolTouches(
  protocols: Iterable<DexProtocol>,
  operators: Iterable<Hex>,
): PoolTouches {
  const byTopic = new Map<string, DexProtocol[]>()
  for (const protocol of protocols)
    for (const topic of protocol.topics) {
      const list = byTopic.get(topic.toLowerCase()) ?? []
      byTopic.set(topic.toLowerCase(), [...list, protocol])
    }
  const poolsOf = (log: Log): string[] =>
    (byTopic.get(log.topics[0]?.toLowerCase() ?? '') ?? []).map((protocol) =>
      protocol.poolOf(log).toLowerCase(),
    )
  const searchers = new Set(
    [...operators].map((address) => address.toLowerCase()),
  )
  const rivalOf = (from: Hex, self: Hex): Rival => {
    if (from === self.toLowerCase()) return 'self'
    return searchers.has(from) ? 'competitor' : 'user'
  }
  return {
    rivalsOf: (plan, { txHash }, { transactions, logs }) => {
      const place = transactions.findIndex(({ hash }) => hash === txHash)
      const pools = new Set(
        plan.opportunity.cycle.hops.map(({ pool }) =>
          pool.address.toLowerCase(),
        ),
      )
      const before = logs
        .filter(({ txIndex }) => txIndex < place)
        .filter((log) => poolsOf(log).some((pool) => pools.has(pool)))
        .map(({ txIndex }) => txIndex)
      return [...new Set(before)].map((txIndex) =>
        rivalOf(transactions[txIndex]!.from, plan.operator),
      )
    },
  }
}
