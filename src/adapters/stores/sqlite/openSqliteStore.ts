import type { Hex } from '../../../core/hex.ts'
import type {
  DecisionCount,
  ExecutionStore,
} from '../../../market/executionStore.ts'
import type { Opportunity } from '../../../market/opportunity.ts'
import type { RiskStore } from '../../../market/risk.ts'
import { nonceInUse } from '../errors.ts'
import { byStage } from '../memoryStore.ts'
import {
  type Database,
  openDatabase,
  type RunResult,
  type Statement,
  storeError,
} from './openDatabase.ts'
import {
  type BreakerColumns,
  breakerOf,
  breakerRow,
  parseRiskAccount,
  riskAccountText,
} from './riskRows.ts'
import {
  type ColumnValues,
  endingRow,
  fillRow,
  intentOf,
  intentRow,
  keptOf,
  minedOf,
  opportunityRow,
  pendingOf,
  planRow,
  type Row,
  selectPending,
  tradeOf,
} from './rows.ts'
import { createWriteQueue } from './writeQueue.ts'

/**
 * Opens the store in this SQLite file, and makes it where there is none. The
 * tables are opportunities, decisions, plans, transactions, fills, risk_accounts
 * and breakers; the views
 * trades, sent, verdicts, profit_by_lender and profit_by_route are for people.
 *
 * @throws StoreInvalidError where the file is not ours, of a newer program, or damaged.
 * @throws PackageMissingError where better-sqlite3 is not installed.
 * @example
 * const store = await openSqliteStore('apex.db')
 * const apex = await createApex({ market, execution: { ...options, store } })
 */
export async function openSqliteStore(
  path: string,
): Promise<ExecutionStore & RiskStore> {
  const database = await openDatabase(path)
  const statements = prepare(database)
  /** Rows that this process has written, so that they need not be looked for. */
  const known = new WeakMap<Opportunity, { ledger: string; id: number }>()

  const opportunityId = (
    ledger: string,
    opportunity: Opportunity,
    blockTimestamp?: number,
  ): number => {
    const written = known.get(opportunity)
    if (written?.ledger === ledger) return written.id
    const row = opportunityRow(ledger, opportunity, blockTimestamp)
    const { changes, lastInsertRowid } = statements.addOpportunity(row)
    return changes === 1
      ? Number(lastInsertRowid)
      : statements.findOpportunity.get(row)!
  }

  const queue = createWriteQueue(database)

  /** SQLite's faults become ours. */
  const write = async <T>(subject: Subject, run: () => T): Promise<T> => {
    try {
      return await queue.write(subject, run)
    } catch (error) {
      throw storeError(error, path)
    }
  }

  const writeSynced = async <T>(subject: Subject, run: () => T): Promise<T> => {
    try {
      return await queue.writeSynced(subject, run)
    } catch (error) {
      throw storeError(error, path)
    }
  }

  /** Sees all that was written before of these subjects; by default of all. */
  const read = <T>(run: () => T, subjects?: readonly Subject[]): T => {
    queue.flush(subjects)
    try {
      return run()
    } catch (error) {
      throw storeError(error, path)
    }
  }

  /** Where another version of a transaction was mined, its row gets that hash. */
  const rename = (ledger: string, mined: Hex): boolean => {
    const row = statements.findVersion.get({ ledger, mined })
    if (!row) return false
    const { hash, other_hashes } = row
    const others: Hex[] = JSON.parse(other_hashes)
    const left = [hash, ...others.filter((other) => other !== mined)]
    statements.removeFill.run({ ledger, hash })
    statements.renameTransaction.run({
      ledger,
      hash,
      mined,
      other_hashes: JSON.stringify(left),
    })
    return true
  }

  return {
    async recordDecision(ledger, decision) {
      const { opportunity, blockTimestamp, stage, verdict, detail } = decision
      const id = await write('notes', () => {
        const id = opportunityId(ledger, opportunity, blockTimestamp)
        statements.addDecision({ opportunity_id: id, stage, verdict, detail })
        return id
      })
      known.set(opportunity, { ledger, id })
    },
    async recordPlan(ledger, plan) {
      const id = await write('notes', () => {
        const id = opportunityId(ledger, plan.opportunity)
        statements.putPlan(planRow(ledger, id, plan))
        return id
      })
      known.set(plan.opportunity, { ledger, id })
    },
    async writeIntent(intent) {
      const row = intentRow(intent)
      await writeSynced(intentOfNonce(intent.nonce), () => {
        try {
          const { changes } = statements.addTransaction(row)
          if (changes === 0) throw nonceInUse(intent)
        } catch (error) {
          throw isUnique(error) ? nonceInUse(intent) : error
        }
      })
    },
    async recordEnding(ledger, ending) {
      await write('endings', () => {
        const { txHash: hash } = ending
        const end = () => statements.endTransaction(endingRow(ledger, ending))
        statements.removeFill.run({ ledger, hash })
        if (end().changes === 0 && rename(ledger, hash)) end()
        if (ending.kind === 'landed')
          statements.addFill(fillRow(ledger, ending))
      })
    },
    async reopen(ledger, hash) {
      await write('endings', () => {
        statements.removeFill.run({ ledger, hash })
        statements.reopen.run({ ledger, hash })
      })
    },
    async minedFrom(ledger, account, blockNumber) {
      return read(() =>
        statements.minedFrom.all({
          ledger,
          account,
          block_number: blockNumber,
        }),
      ).map(minedOf)
    },
    async transactionOf(ledger, planId) {
      const row = read(() => statements.ofPlan.get({ ledger, plan_id: planId }))
      return row && keptOf(row)
    },
    async unfinished(ledger, account) {
      return read(() => statements.unfinished.all({ ledger, account })).map(
        pendingOf,
      )
    },
    async dropped(ledger, account, nonce) {
      // Another nonce's intent need not be on the disk for this.
      return read(
        () => statements.dropped.all({ ledger, account, nonce }),
        ['endings', intentOfNonce(nonce)],
      ).map(intentOf)
    },
    async expired(ledger, account, upToNonce) {
      return read(() =>
        statements.expired.all({ ledger, account, nonce: upToNonce }),
      ).map(pendingOf)
    },
    async nonceAfterMined(ledger, account) {
      return read(
        () => statements.nonceAfterMined.get({ ledger, account }) ?? 0,
      )
    },
    async abandon(ledger) {
      return await write(
        'endings',
        () => statements.abandon.run({ ledger }).changes,
      )
    },
    async ledgers() {
      return read(() => statements.ledgers.all())
    },
    async trades(ledger) {
      return read(() => statements.trades.all({ ledger })).map(tradeOf)
    },
    async decisionCounts(ledger) {
      const counts = read(() => statements.decisionCounts.all({ ledger }))
      return counts.sort(byStage)
    },
    async readRisk(ledger) {
      const text = read(() => statements.riskAccount.get({ ledger }), ['risk'])
      return text === undefined ? undefined : parseRiskAccount(text)
    },
    async writeRisk(ledger, account) {
      const row = { ledger, account: riskAccountText(account) }
      // Not synced: the intent that is, before anything is sent, takes it along.
      await write('risk', () => statements.putRiskAccount(row))
    },
    async readBreaker(ledger) {
      const row = read(() => statements.breaker.get({ ledger }), ['breakers'])
      return row && breakerOf(row)
    },
    async writeBreaker(ledger, breaker) {
      const row = breakerRow(ledger, breaker)
      const { changes } = await writeSynced('breakers', () =>
        statements.addBreaker.run(row),
      )
      return changes === 1
    },
    async close() {
      queue.flush()
      database.close()
    },
  }
}

/** What a write changes. */
type Subject = 'notes' | 'endings' | 'risk' | 'breakers' | `intent ${number}`

function intentOfNonce(nonce: number): Subject {
  return `intent ${nonce}`
}

/** On conflict: all columns get their new values. */
const replaceAll = 'replace all'
const ofAccount = 't.ledger = @ledger AND t.account = @account'

function prepare(database: Database) {
  const select = <T>(sql: string) => database.prepare<[Row], T>(sql)
  return {
    addOpportunity: inserter(database, 'opportunities', 'DO NOTHING'),
    findOpportunity: select<number>(
      'SELECT id FROM opportunities WHERE ledger = @ledger AND block_number = @block_number AND cycle_id = @cycle_id AND token = @token',
    ).pluck(),
    addDecision: inserter(database, 'decisions'),
    putPlan: inserter(database, 'plans', replaceAll),
    // What was refused or dropped may be sent again, to the byte the same.
    addTransaction: inserter(
      database,
      'transactions',
      "(ledger, hash) DO UPDATE SET status = 'intended', reason = NULL, other_hashes = excluded.other_hashes, submitter = excluded.submitter WHERE status IN ('refused', 'dropped')",
    ),
    endTransaction: updater(database, 'transactions', ['ledger', 'hash']),
    findVersion: select<{ hash: Hex; other_hashes: string }>(
      `SELECT hash, other_hashes FROM transactions
        WHERE ledger = @ledger AND other_hashes <> '[]'
        AND EXISTS (SELECT 1 FROM json_each(other_hashes) WHERE value = @mined)`,
    ),
    renameTransaction: database.prepare<[Row]>(
      'UPDATE transactions SET hash = @mined, other_hashes = @other_hashes WHERE ledger = @ledger AND hash = @hash',
    ),
    removeFill: database.prepare<[Row]>(
      'DELETE FROM fills WHERE ledger = @ledger AND hash = @hash',
    ),
    addFill: inserter(database, 'fills'),
    reopen: database.prepare<[Row]>(
      `UPDATE transactions SET status = 'intended', reason = NULL, block_number = NULL, block_timestamp = NULL,
        gas_used = NULL, effective_gas_price = NULL, real_gas = NULL, real_l1_data_fee = NULL
        WHERE ledger = @ledger AND hash = @hash`,
    ),
    minedFrom: select<ColumnValues>(
      `${selectPending('transactions_mined')} WHERE ${ofAccount} AND t.status IN ('landed', 'reverted')
        AND t.block_number >= @block_number ORDER BY t.nonce`,
    ),
    ofPlan: select<ColumnValues>(
      `${selectPending('transactions_by_plan')} WHERE t.ledger = @ledger AND t.plan_id = @plan_id ORDER BY t.nonce DESC LIMIT 1`,
    ),
    unfinished: select<ColumnValues>(
      `${selectPending('transactions_unfinished')} WHERE ${ofAccount} AND t.status = 'intended' ORDER BY t.nonce`,
    ),
    dropped: select<ColumnValues>(
      `${selectPending('transactions_dropped')} WHERE ${ofAccount} AND t.status = 'dropped' AND t.nonce = @nonce`,
    ),
    expired: select<ColumnValues>(
      `${selectPending('transactions_dropped')} WHERE ${ofAccount} AND t.status = 'dropped' AND t.reason = 'expired' AND t.nonce <= @nonce`,
    ),
    nonceAfterMined: select<number>(
      `SELECT coalesce(max(nonce) + 1, 0) FROM transactions t INDEXED BY transactions_by_nonce
        WHERE ${ofAccount} AND status IN ('intended', 'landed', 'reverted') AND status <> 'intended'`,
    ).pluck(),
    abandon: database.prepare<[Row]>(
      "UPDATE transactions SET status = 'dropped', reason = 'chain-gone' WHERE ledger = @ledger AND status = 'intended'",
    ),
    ledgers: database
      .prepare<[], string>(
        'SELECT ledger FROM opportunities GROUP BY ledger ORDER BY min(id)',
      )
      .pluck(),
    trades: select<ColumnValues>(
      'SELECT * FROM trades WHERE ledger = @ledger ORDER BY block_number, nonce',
    ),
    riskAccount: select<string>(
      'SELECT account FROM risk_accounts WHERE ledger = @ledger',
    ).pluck(),
    putRiskAccount: inserter(
      database,
      'risk_accounts',
      '(ledger) DO UPDATE SET account = excluded.account',
    ),
    breaker: select<BreakerColumns>(
      'SELECT * FROM breakers WHERE ledger = @ledger ORDER BY revision DESC LIMIT 1',
    ),
    // Only the next revision: in one statement, for other processes write too.
    addBreaker: database.prepare<[Row]>(
      `INSERT INTO breakers (ledger, revision, state, set_by, why, set_at, until)
        SELECT @ledger, @revision, @state, @set_by, @why, @set_at, @until
        WHERE @revision = 1 + (SELECT coalesce(max(revision), 0) FROM breakers WHERE ledger = @ledger)`,
    ),
    decisionCounts: select<DecisionCount>(
      'SELECT stage, verdict, count FROM verdicts WHERE ledger = @ledger',
    ),
  }
}

/** Writes rows of one table; the first tells the columns. `onConflict`: what to do about a row that is there already. */
function inserter(
  database: Database,
  table: string,
  onConflict?: string,
): (row: Row) => RunResult {
  let statement: Statement | undefined
  return (row) => {
    statement ??= database.prepare<[Row]>(insertSql(table, row, onConflict))
    return statement.run(row)
  }
}

function insertSql(
  table: string,
  row: Row,
  onConflict: string | undefined,
): string {
  const columns = Object.keys(row)
  const values = columns.map((column) => `@${column}`)
  const insert = `INSERT INTO ${table} (${columns}) VALUES (${values})`
  if (onConflict === undefined) return insert
  const updates = columns.map((column) => `${column} = excluded.${column}`)
  return `${insert} ON CONFLICT ${onConflict === replaceAll ? `DO UPDATE SET ${updates}` : onConflict}`
}

/** Changes the row of a key; the first call tells the columns. */
function updater(
  database: Database,
  table: string,
  key: readonly string[],
): (row: Row) => RunResult {
  let statement: Statement | undefined
  return (row) => {
    const equal = (column: string): string => `${column} = @${column}`
    const changed = Object.keys(row).filter((column) => !key.includes(column))
    statement ??= database.prepare<[Row]>(
      `UPDATE ${table} SET ${changed.map(equal)} WHERE ${key.map(equal).join(' AND ')}`,
    )
    return statement.run(row)
  }
}

function isUnique(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'SQLITE_CONSTRAINT_UNIQUE'
}
