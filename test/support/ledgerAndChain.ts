import Sqlite from 'better-sqlite3'
import { expect } from 'vitest'
import { viewCall } from '../../src/adapters/viewCall.ts'
import type { Hex } from '../../src/core/hex.ts'
import { ledgerOfChain } from '../../src/programs/bot/ledgerOfChain.ts'
import { type BotStage, operatorCoins } from './botStage.ts'

/** A row of the ledger about a transaction. */
export type LedgerRow = {
  readonly hash: Hex
  readonly nonce: number
  readonly status: 'intended' | 'landed' | 'reverted' | 'dropped' | 'refused'
  /** Which opportunity it is of. */
  readonly opportunity: number
  readonly token: Hex
  /** Base units of the token that landed, decimal; null where none did. */
  readonly profit: string | null
  /** Wei, decimal; null where it was not mined. */
  readonly gas: string | null
}

/** A transaction of the operator in a block. */
export type MinedTransaction = {
  readonly hash: Hex
  readonly nonce: number
  readonly status: 'landed' | 'reverted'
}

/** All transactions that a stage's ledger knows. */
export function readLedger(
  database: string,
  { anvil }: BotStage,
): readonly LedgerRow[] {
  const sqlite = new Sqlite(database, { readonly: true })
  try {
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(sqlite.pragma('foreign_key_check')).toEqual([])
    return sqlite
      .prepare<[string], LedgerRow>(
        `SELECT t.hash, t.nonce, t.status, o.id AS opportunity, o.token, f.profit, t.real_gas AS gas
          FROM transactions t
          JOIN plans p ON p.ledger = t.ledger AND p.id = t.plan_id
          JOIN opportunities o ON o.id = p.opportunity_id
          LEFT JOIN fills f ON f.ledger = t.ledger AND f.hash = t.hash
          WHERE t.ledger = ? ORDER BY t.nonce, t.hash`,
      )
      .all(ledgerOfChain(anvil.chainId, true))
  } finally {
    sqlite.close()
  }
}

/** The operator's transactions of all blocks from this one on. */
export async function readMined(
  { anvil, operator }: BotStage,
  fromBlock = 0,
): Promise<readonly MinedTransaction[]> {
  const last = Number(await anvil.request('eth_blockNumber'))
  const mined: MinedTransaction[] = []
  for (let number = fromBlock; number <= last; number++) {
    const block = (await anvil.request('eth_getBlockByNumber', [
      `0x${number.toString(16)}`,
      true,
    ])) as { readonly transactions: readonly ChainTransaction[] }
    for (const { from, hash, nonce } of block.transactions) {
      if (from.toLowerCase() !== operator.toLowerCase()) continue
      const { status } = (await anvil.request('eth_getTransactionReceipt', [
        hash,
      ])) as { readonly status: Hex }
      mined.push({
        hash,
        nonce: Number(nonce),
        status: BigInt(status) === 1n ? 'landed' : 'reverted',
      })
    }
  }
  return mined
}

/**
 * Holds a ledger in which nothing is open against its chain: the same
 * transactions with the same ends, and the money to the last base unit.
 */
export async function expectLedgerIsChain(
  rows: readonly LedgerRow[],
  stage: BotStage,
): Promise<void> {
  const mined = rows.filter(
    ({ status }) => status === 'landed' || status === 'reverted',
  )
  expect(
    mined.map(({ hash, nonce, status }) => ({ hash, nonce, status })),
  ).toEqual(await readMined(stage))
  expect(rows.filter(({ status }) => status === 'intended')).toEqual([])
  const { anvil, operator, executor, world } = stage
  for (const { address } of world.market.tokens) {
    const earned = rows
      .filter(({ token }) => token.toLowerCase() === address.toLowerCase())
      .reduce((sum, { profit }) => sum + BigInt(profit ?? 0), 0n)
    const [held] = await viewCall(anvil, address, 'balanceOf(address)', [
      executor,
    ])
    expect(held).toBe(earned)
  }
  const paid = rows.reduce((sum, { gas }) => sum + BigInt(gas ?? 0), 0n)
  const coins = await anvil.request('eth_getBalance', [operator, 'latest'])
  expect(BigInt(coins as Hex)).toBe(operatorCoins - paid)
}

type ChainTransaction = {
  readonly from: Hex
  readonly hash: Hex
  readonly nonce: Hex
}
