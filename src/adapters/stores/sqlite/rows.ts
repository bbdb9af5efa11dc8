import type { LenderKind } from '../../../contracts/calldata.ts'
import type { Hex } from '../../../core/hex.ts'
import {
  type Ending,
  type Intent,
  type KeptTransaction,
  type MinedTransaction,
  routeName,
  type Trade,
} from '../../../market/executionStore.ts'
import type { Opportunity } from '../../../market/opportunity.ts'
import {
  type DropReason,
  type PendingTransaction,
  type Plan,
  poolNames,
} from '../../../market/plan.ts'

/** Values by the names of a statement's parameters. */
export type Row = Readonly<Record<string, string | number | null>>

export function opportunityRow(
  ledger: string,
  opportunity: Opportunity,
  blockTimestamp: number | undefined,
): Row {
  const { cycle, grossProfitNative } = opportunity
  return {
    ledger,
    block_number: opportunity.blockNumber,
    block_timestamp: blockTimestamp ?? null,
    cycle_id: cycle.id,
    token: cycle.tokenIn.address,
    token_symbol: cycle.tokenIn.symbol,
    token_decimals: cycle.tokenIn.decimals,
    route: routeName(opportunity),
    pools: JSON.stringify(poolNames(opportunity)),
    amount_in: opportunity.amountIn.toString(),
    amount_out: opportunity.amountOut.toString(),
    gross_profit: opportunity.grossProfit.toString(),
    gross_profit_native: grossProfitNative?.toString() ?? null,
  }
}

export function planRow(
  ledger: string,
  opportunityId: number,
  plan: Plan,
): Row {
  const { loan, tip, gasPrice, expected } = plan
  return {
    ledger,
    id: plan.id,
    opportunity_id: opportunityId,
    chain_id: plan.chainId,
    block_number: plan.blockNumber,
    executor: plan.executor,
    operator: plan.operator,
    lender: loan.lender,
    lender_kind: loan.kind,
    lender_address: loan.address,
    loan_amount: loan.amount.toString(),
    loan_premium: loan.premium.toString(),
    data: plan.data,
    min_profit: plan.minProfit.toString(),
    predicted_profit: plan.predictedProfit.toString(),
    tip_bps: tip.bps,
    tip_to: tip.to,
    deadline: plan.deadline,
    first_block: plan.firstBlock,
    last_block: plan.lastBlock,
    gas_limit: plan.gasLimit.toString(),
    max_fee_per_gas: gasPrice.maxFeePerGas.toString(),
    max_priority_fee_per_gas: gasPrice.maxPriorityFeePerGas.toString(),
    expected_gross_profit: expected.grossProfit.toString(),
    expected_premium: expected.premium.toString(),
    expected_gas: expected.gas.toString(),
    expected_l1_data_fee: expected.l1DataFee.toString(),
    expected_tip: expected.tip.toString(),
    expected_net_profit: expected.netProfit.toString(),
  }
}

export function intentRow({
  ledger,
  txHash,
  otherHashes,
  nonce,
  submitter,
  terms,
}: Intent): Row {
  return {
    ledger,
    hash: txHash,
    other_hashes: JSON.stringify(otherHashes),
    plan_id: terms.id,
    account: terms.operator,
    nonce,
    submitter,
  }
}

export function endingRow(ledger: string, ending: Ending): Row {
  const isMined = ending.kind === 'landed' || ending.kind === 'reverted'
  return {
    ledger,
    hash: ending.txHash,
    status: ending.kind,
    reason:
      ending.kind === 'landed'
        ? null
        : ending.kind === 'reverted'
          ? ending.revert.detail
          : ending.reason,
    block_number: isMined ? ending.blockNumber : null,
    block_timestamp: isMined ? ending.blockTimestamp : null,
    gas_used: isMined ? ending.gasUsed.toString() : null,
    effective_gas_price: isMined ? ending.effectiveGasPrice.toString() : null,
    real_gas: isMined ? ending.real.gas.toString() : null,
    real_l1_data_fee: isMined ? ending.real.l1DataFee.toString() : null,
  }
}

export function fillRow(
  ledger: string,
  { txHash, profit, tip, real }: Ending & { readonly kind: 'landed' },
): Row {
  return {
    ledger,
    hash: txHash,
    profit: profit.toString(),
    tip: tip.toString(),
    real_gross_profit: real.grossProfit.toString(),
    real_premium: real.premium.toString(),
    real_gas: real.gas.toString(),
    real_l1_data_fee: real.l1DataFee.toString(),
    real_tip: real.tip.toString(),
    real_net_profit: real.netProfit.toString(),
  }
}

/** A transaction with its plan and opportunity, as {@link selectPending} selects them. */
export type ColumnValues = Readonly<Record<string, string | number>>

/** Selects transactions `t` by one of their indexes: SQLite by itself would read the whole ledger. */
export function selectPending(index: string): string {
  return `
  SELECT t.ledger, t.hash, t.other_hashes, t.nonce, t.submitter, t.status, t.reason, t.block_number AS mined_at, p.*, o.token, o.token_decimals, o.pools,
    o.gross_profit, o.gross_profit_native
  FROM transactions t INDEXED BY ${index}
  JOIN plans p ON p.ledger = t.ledger AND p.id = t.plan_id
  JOIN opportunities o ON o.id = p.opportunity_id`
}

export function minedOf(row: ColumnValues): MinedTransaction {
  return {
    pending: pendingOf(row),
    kind: row['status'] as MinedTransaction['kind'],
    blockNumber: Number(row['mined_at']),
  }
}

export function keptOf(row: ColumnValues): KeptTransaction {
  const kind = row['status'] as KeptTransaction['kind']
  if (kind === 'landed' || kind === 'reverted') return minedOf(row)
  const pending = pendingOf(row)
  return kind === 'dropped'
    ? { pending, kind, reason: row['reason'] as DropReason }
    : { pending, kind }
}

export function intentOf(row: ColumnValues): Intent {
  return { ...pendingOf(row), submitter: String(row['submitter']) }
}

export function pendingOf(row: ColumnValues): PendingTransaction {
  const text = (column: string): string => String(row[column])
  const hex = (column: string): Hex => text(column) as Hex
  const number = (column: string): number => Number(row[column])
  const amount = (column: string): bigint => BigInt(text(column))
  return {
    ledger: text('ledger'),
    txHash: hex('hash'),
    otherHashes: JSON.parse(text('other_hashes')) as Hex[],
    nonce: number('nonce'),
    terms: {
      id: hex('id'),
      chainId: number('chain_id'),
      blockNumber: number('block_number'),
      executor: hex('executor'),
      operator: hex('operator'),
      loan: {
        lender: text('lender'),
        kind: text('lender_kind') as LenderKind,
        address: hex('lender_address'),
        amount: amount('loan_amount'),
        premium: amount('loan_premium'),
      },
      data: hex('data'),
      minProfit: amount('min_profit'),
      predictedProfit: amount('predicted_profit'),
      tip: { bps: number('tip_bps'), to: hex('tip_to') },
      deadline: number('deadline'),
      firstBlock: number('first_block'),
      lastBlock: number('last_block'),
      gasLimit: amount('gas_limit'),
      gasPrice: {
        maxFeePerGas: amount('max_fee_per_gas'),
        maxPriorityFeePerGas: amount('max_priority_fee_per_gas'),
      },
      expected: {
        grossProfit: amount('expected_gross_profit'),
        premium: amount('expected_premium'),
        gas: amount('expected_gas'),
        l1DataFee: amount('expected_l1_data_fee'),
        tip: amount('expected_tip'),
        netProfit: amount('expected_net_profit'),
      },
      token: hex('token'),
      tokenDecimals: number('token_decimals'),
      pools: JSON.parse(text('pools')) as string[],
      grossProfit: amount('gross_profit'),
      grossProfitNative: amount('gross_profit_native'),
    },
  }
}

/** A row of the view `trades`. */
export function tradeOf(row: ColumnValues): Trade {
  const text = (column: string): string => String(row[column])
  const number = (column: string): number => Number(row[column])
  const amount = (column: string): bigint => BigInt(text(column))
  return {
    ledger: text('ledger'),
    txHash: text('hash') as Hex,
    nonce: number('nonce'),
    planId: text('plan_id') as Hex,
    blockNumber: number('block_number'),
    blockTimestamp: number('block_timestamp'),
    lender: text('lender'),
    route: text('route'),
    token: text('token') as Hex,
    tokenSymbol: text('token_symbol'),
    amountIn: amount('amount_in'),
    predictedProfit: amount('predicted_profit'),
    profit: amount('profit'),
    expectedNetProfit: amount('expected_net_profit'),
    realNetProfit: amount('real_net_profit'),
    gas: amount('real_gas'),
  }
}
