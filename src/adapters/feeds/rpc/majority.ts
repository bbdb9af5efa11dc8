import type { RpcError } from '../../../core/rpcError.ts'
import type { RpcCall } from '../../jsonRpcHttp.ts'
import type { Clock } from './clock.ts'
import type { PoolNode } from './poolNode.ts'
import { readQuantity } from './readHeader.ts'

/** What a round of asking came to. */
export type Round = {
  /** The highest number that was told; undefined where too few nodes have answered. */
  readonly highest: number | undefined
  readonly fault:
    | { readonly error: RpcError; readonly node: PoolNode }
    | undefined
}

/** The rest is waited for no longer. */
const longestGraceMs = 100

/**
 * Asks all nodes at once for their newest block. Any one of them may lag: more
 * than half must answer, the rest is waited for as long as it usually takes.
 * What a node said at the last look it does not take back.
 *
 * @param told by nodes that have answered in an earlier round; added to.
 */
export function askMajority(
  nodes: readonly PoolNode[],
  call: RpcCall,
  told: Map<PoolNode, number>,
  clock: Clock,
): Promise<Round> {
  const enough = (nodes.length >> 1) + 1
  const open = new Set(nodes.filter((node) => !told.has(node)))
  let fault: Round['fault']
  return new Promise((done) => {
    const end = (): void => {
      callOff?.()
      const isEnough = told.size >= enough
      done({
        highest: isEnough ? Math.max(...told.values()) : undefined,
        fault,
      })
    }
    let callOff: (() => void) | undefined
    const endIfOver = (): void => {
      if (open.size === 0) end()
      else if (told.size >= enough) callOff ??= clock.after(graceMs(open), end)
    }
    for (const node of open)
      void node.send(call, true).then((outcome) => {
        open.delete(node)
        const number =
          outcome.kind === 'result' ? readQuantity(outcome.result) : undefined
        if (number !== undefined)
          told.set(node, Math.max(number, node.health.head ?? 0))
        if (outcome.kind !== 'result') fault = { error: outcome.error, node }
        endIfOver()
      })
    // Those that have not answered may rest by now.
    endIfOver()
  })
}

function graceMs(open: ReadonlySet<PoolNode>): number {
  const usual = [...open].map(({ health }) => 2 * (health.latencyMs ?? 0))
  return Math.min(longestGraceMs, Math.max(...usual))
}
