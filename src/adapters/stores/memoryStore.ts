import type { Hex } from '../../core/hex.ts'
import {
  type Decision,
  type DecisionCount,
  type Ending,
  type ExecutionStore,
  type Intent,
  type KeptTransaction,
  type MinedTransaction,
  routeName,
  type Trade,
} from '../../market/executionStore.ts'
import type { PendingTransaction, Plan } from '../../market/plan.ts'
import type {
  RiskAccount,
  RiskStore,
  StoredBreaker,
} from '../../market/risk.ts'
import { nonceInUse } from './errors.ts'

/** What a store in memory is told. */
export type MemoryStoreOptions = {
  /** Plans and ended transactions of a ledger that are remembered; unfinished ones always are. Default: all. */
  readonly keep?: number
}

/**
 * A store that is gone with the process: for tests, and for looking around
 * without sending.
 */
export function createMemoryStore({
  keep = Number.POSITIVE_INFINITY,
}: MemoryStoreOptions = {}): ExecutionStore & RiskStore {
  const ledgers = new Map<string, Ledger>()
  const accounts = new Map<string, RiskAccount>()
  const breakers = new Map<string, StoredBreaker>()
  const open = (name: string): Ledger => {
    let ledger = ledgers.get(name)
    if (!ledger) {
      ledger = { decisions: new Map(), plans: new Map(), rows: new Map() }
      ledgers.set(name, ledger)
    }
    return ledger
  }
  return {
    async recordDecision(ledger, decision) {
      count(open(ledger), decision)
    },
    async recordPlan(ledger, plan) {
      const { plans } = open(ledger)
      plans.set(plan.id, plan)
      forgetBeyond(plans, keep, () => true)
    },
    async writeIntent(intent) {
      const { rows } = open(intent.ledger)
      const { nonce, terms } = intent
      if (ofNonce(rows, terms.operator, nonce).some(holdsNonce))
        throw nonceInUse(intent)
      rows.set(intent.txHash, { intent, ending: undefined })
      forgetBeyond(rows, keep, ({ ending }) => ending !== undefined)
    },
    async recordEnding(ledger, ending) {
      const { rows } = open(ledger)
      const row = rows.get(ending.txHash) ?? renamed(rows, ending.txHash)
      if (row) row.ending = ending
    },
    async reopen(ledger, txHash) {
      const row = open(ledger).rows.get(txHash)
      if (row) row.ending = undefined
    },
    async minedFrom(ledger, account, blockNumber) {
      return [...open(ledger).rows.values()]
        .filter(({ intent }) => isOf(intent, account))
        .map(keptOf)
        .filter(
          (kept): kept is MinedTransaction =>
            'blockNumber' in kept && kept.blockNumber >= blockNumber,
        )
        .sort((a, b) => a.pending.nonce - b.pending.nonce)
    },
    async transactionOf(ledger, planId) {
      const [last] = [...open(ledger).rows.values()]
        .filter(({ intent }) => intent.terms.id === planId)
        .sort((a, b) => b.intent.nonce - a.intent.nonce)
      return last && keptOf(last)
    },
    async unfinished(ledger, account) {
      return [...open(ledger).rows.values()]
        .filter(({ ending, intent }) => !ending && isOf(intent, account))
        .map(({ intent }) => pendingOf(intent))
        .sort((a, b) => a.nonce - b.nonce)
    },
    async dropped(ledger, account, nonce) {
      return ofNonce(open(ledger).rows, account, nonce)
        .filter(({ ending }) => ending?.kind === 'dropped')
        .map(({ intent }) => intent)
    },
    async expired(ledger, account, upToNonce) {
      return [...open(ledger).rows.values()]
        .filter(
          ({ intent, ending }) =>
            isOf(intent, account) &&
            intent.nonce <= upToNonce &&
            ending?.kind === 'dropped' &&
            ending.reason === 'expired',
        )
        .map(({ intent }) => pendingOf(intent))
    },
    async nonceAfterMined(ledger, account) {
      return [...open(ledger).rows.values()]
        .filter(
          ({ intent, ending }) => isOf(intent, account) && isMined(ending),
        )
        .reduce((most, { intent }) => Math.max(most, intent.nonce + 1), 0)
    },
    async abandon(ledger) {
      let abandoned = 0
      for (const [txHash, row] of open(ledger).rows) {
        if (row.ending) continue
        row.ending = { kind: 'dropped', txHash, reason: 'chain-gone' }
        abandoned++
      }
      return abandoned
    },
    async ledgers() {
      return [...ledgers.keys()]
    },
    async trades(ledger) {
      const { rows, plans } = open(ledger)
      return [...rows.values()]
        .flatMap(({ intent, ending }) => {
          const plan = plans.get(intent.terms.id)
          return ending?.kind === 'landed' && plan
            ? [tradeOf(intent, ending, plan)]
            : []
        })
        .sort(byBlock)
    },
    async decisionCounts(ledger) {
      return [...open(ledger).decisions.values()].sort(byStage)
    },
    async readRisk(ledger) {
      return accounts.get(ledger)
    },
    async writeRisk(ledger, account) {
      accounts.set(ledger, account)
    },
    async readBreaker(ledger) {
      return breakers.get(ledger)
    },
    async writeBreaker(ledger, breaker) {
      const next = (breakers.get(ledger)?.revision ?? 0) + 1
      if (breaker.revision !== next) return false
      breakers.set(ledger, breaker)
      return true
    },
    async close() {},
  }
}

/** Rows of the same stage stand together, the most frequent verdict first. */
export function byStage(a: DecisionCount, b: DecisionCount): number {
  return (
    a.stage.localeCompare(b.stage) ||
    b.count - a.count ||
    a.verdict.localeCompare(b.verdict)
  )
}

type Ledger = {
  readonly decisions: Map<string, DecisionCount>
  readonly plans: Map<Hex, Plan>
  readonly rows: Map<Hex, Row>
}

type Row = { readonly intent: Intent; ending: Ending | undefined }

/** Where another version of a transaction was mined, the row gets its hash. */
function renamed(rows: Map<Hex, Row>, mined: Hex): Row | undefined {
  for (const [hash, { intent, ending }] of rows) {
    if (!intent.otherHashes.includes(mined)) continue
    const others = intent.otherHashes.filter((other) => other !== mined)
    const otherHashes = [hash, ...others]
    const row = { intent: { ...intent, txHash: mined, otherHashes }, ending }
    rows.delete(hash)
    rows.set(mined, row)
    return row
  }
  return undefined
}

function count(ledger: Ledger, { stage, verdict }: Decision): void {
  const key = `${stage} ${verdict}`
  const before = ledger.decisions.get(key)?.count ?? 0
  ledger.decisions.set(key, { stage, verdict, count: before + 1 })
}

function forgetBeyond<T>(
  rows: Map<Hex, T>,
  keep: number,
  mayForget: (row: T) => boolean,
): void {
  if (rows.size <= keep) return
  for (const [key, row] of rows) {
    if (!mayForget(row)) continue
    rows.delete(key)
    if (rows.size <= keep) return
  }
}

function ofNonce(
  rows: ReadonlyMap<Hex, Row>,
  account: Hex,
  nonce: number,
): Row[] {
  return [...rows.values()].filter(
    ({ intent }) => intent.nonce === nonce && isOf(intent, account),
  )
}

function isOf({ terms }: Intent, account: Hex): boolean {
  return terms.operator.toLowerCase() === account.toLowerCase()
}

function holdsNonce({ ending }: Row): boolean {
  return !ending || isMined(ending)
}

function isMined(ending: Ending | undefined): boolean {
  return ending?.kind === 'landed' || ending?.kind === 'reverted'
}

function keptOf({ intent, ending }: Row): KeptTransaction {
  const pending = pendingOf(intent)
  if (!ending) return { pending, kind: 'intended' }
  switch (ending.kind) {
    case 'refused':
      return { pending, kind: ending.kind }
    case 'dropped':
      return { pending, kind: ending.kind, reason: ending.reason }
    default:
      return { pending, kind: ending.kind, blockNumber: ending.blockNumber }
  }
}

function pendingOf({ submitter: _, ...pending }: Intent): PendingTransaction {
  return pending
}

function tradeOf(
  { ledger, nonce, txHash, terms }: Intent,
  ending: Ending & { readonly kind: 'landed' },
  { opportunity, expected }: Plan,
): Trade {
  return {
    ledger,
    txHash,
    nonce,
    planId: terms.id,
    blockNumber: ending.blockNumber,
    blockTimestamp: ending.blockTimestamp,
    lender: terms.loan.lender,
    route: routeName(opportunity),
    token: terms.token,
    tokenSymbol: opportunity.cycle.tokenIn.symbol,
    amountIn: opportunity.amountIn,
    predictedProfit: terms.predictedProfit,
    profit: ending.profit,
    expectedNetProfit: expected.netProfit,
    realNetProfit: ending.real.netProfit,
    gas: ending.real.gas,
  }
}

function byBlock(a: Trade, b: Trade): number {
  return a.blockNumber - b.blockNumber || a.nonce - b.nonce
}
