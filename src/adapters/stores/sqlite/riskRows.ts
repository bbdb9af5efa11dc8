import type {
  BreakerState,
  EndedTrade,
  InFlightTrade,
  RiskAccount,
  StoredBreaker,
} from '../../../market/risk.ts'
import { StoreInvalidError } from '../errors.ts'
import type { Row } from './rows.ts'

/** A row of the table `breakers`. */
export type BreakerColumns = {
  readonly revision: number
  readonly state: string
  readonly set_by: string
  readonly why: string
  readonly set_at: number
  readonly until: number | null
}

/** The account as JSON; amounts as decimal strings. */
export function riskAccountText(account: RiskAccount): string {
  return JSON.stringify(account, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
}

/** @throws StoreInvalidError where the text is none of {@link riskAccountText}. */
export function parseRiskAccount(text: string): RiskAccount {
  try {
    const account = JSON.parse(text) as Stored
    return {
      ...account,
      losses: account.losses.map(([day, loss]) => [day, BigInt(loss)]),
      inFlight: account.inFlight.map(tradeOf),
      // Accounts of earlier versions remember none.
      ended: (account.ended ?? []).map(({ trade, loss, ...end }) => ({
        ...end,
        trade: tradeOf(trade),
        loss: BigInt(loss),
      })),
    }
  } catch (cause) {
    throw new StoreInvalidError('the account of risk is damaged', {
      hint: 'restore the database from a backup, or trade with a new ledger',
      cause,
    })
  }
}

export function breakerRow(
  ledger: string,
  { revision, state, by, why, at, until }: StoredBreaker,
): Row {
  return { ledger, revision, state, set_by: by, why, set_at: at, until }
}

export function breakerOf(row: BreakerColumns): StoredBreaker {
  const { revision, state, set_by: by, why, set_at: at, until } = row
  return { revision, state: state as BreakerState, by, why, at, until }
}

function tradeOf(trade: StoredTrade): InFlightTrade {
  return { ...trade, worstLoss: BigInt(trade.worstLoss) }
}

/** As JSON has it. */
type Stored = Omit<RiskAccount, 'losses' | 'inFlight' | 'ended'> & {
  readonly losses: readonly (readonly [number, string])[]
  readonly inFlight: readonly StoredTrade[]
  readonly ended?: readonly (Omit<EndedTrade, 'trade' | 'loss'> & {
    readonly trade: StoredTrade
    readonly loss: string
  })[]
}

type StoredTrade = Omit<InFlightTrade, 'worstLoss'> & {
  readonly worstLoss: string
}
