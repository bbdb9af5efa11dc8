import { zeroAddress } from '../../src/core/address.ts'
import type { Hex } from '../../src/core/hex.ts'
import type { Intent } from '../../src/market/executionStore.ts'
import type { Cycle, Opportunity } from '../../src/market/opportunity.ts'
import {
  type Outcome,
  type Plan,
  type ProfitAndCost,
  planTerms,
} from '../../src/market/plan.ts'
import type { Pool } from '../../src/market/pool.ts'
import type { Token } from '../../src/market/token.ts'

const tokens: readonly Token[] = ['WETH', 'DAI'].map((symbol, i) => ({
  address: addressOf(i + 1),
  symbol,
  decimals: 18,
}))

/** An opportunity of two pools of which all amounts are made up, for what does not compute with them. */
export function opportunityOf(
  blockNumber = 100,
  changes: Partial<Opportunity> = {},
): Opportunity {
  return {
    cycle: cycleOf(blockNumber),
    amountIn: 10n ** 18n,
    amountOut: 10n ** 18n + 5n * 10n ** 16n,
    grossProfit: 5n * 10n ** 16n,
    grossProfitNative: 5n * 10n ** 16n,
    blockNumber,
    ...changes,
  }
}

/** A plan of it; the nth of its block has its own id. */
export function planOf(opportunity: Opportunity, nth = 0): Plan {
  return {
    id: hashOf(opportunity.blockNumber * 1000 + nth),
    opportunity,
    chainId: 1,
    blockNumber: opportunity.blockNumber,
    executor: addressOf(90),
    operator: addressOf(91),
    loan: {
      lender: 'balancer-v2',
      kind: 'balancerV2',
      address: addressOf(92),
      amount: opportunity.amountIn,
      premium: 7n,
    },
    data: '0x1234',
    minProfit: 3n,
    predictedProfit: opportunity.grossProfit - 7n,
    tip: { bps: 0, to: zeroAddress },
    deadline: 1_700_000_000 + 12 * opportunity.blockNumber + 120,
    firstBlock: opportunity.blockNumber,
    lastBlock: opportunity.blockNumber + 3,
    gasLimit: 300_000n,
    gasPrice: { maxFeePerGas: 30n, maxPriorityFeePerGas: 2n },
    expected: profitOf(opportunity.grossProfit, 250_000n * 20n),
  }
}

/** A transaction of it that is about to be sent. */
export function intentOf(ledger: string, plan: Plan, nonce: number): Intent {
  return {
    ledger,
    txHash: `0xff${nonce.toString(16).padStart(6, '0')}${plan.id.slice(10)}`,
    otherHashes: [],
    nonce,
    submitter: 'public-rpc',
    terms: planTerms(plan),
  }
}

/** It landed just as predicted. */
export function landedOf({ txHash, terms }: Intent): Outcome {
  return {
    kind: 'landed',
    txHash,
    blockNumber: terms.firstBlock + 1,
    blockHash: hashOf(terms.firstBlock + 1),
    blockTimestamp: 1_700_000_000 + 12 * (terms.firstBlock + 1),
    profit: terms.predictedProfit,
    tip: 0n,
    gasUsed: 240_000n,
    effectiveGasPrice: 20n,
    real: profitOf(terms.grossProfit, 240_000n * 20n),
  }
}

/** It was mined and reverted. */
export function revertedOf({ txHash, terms }: Intent): Outcome {
  return {
    kind: 'reverted',
    txHash,
    blockNumber: terms.firstBlock + 1,
    blockHash: hashOf(terms.firstBlock + 1),
    blockTimestamp: 1_700_000_000 + 12 * (terms.firstBlock + 1),
    revert: {
      error: 'HopFailed',
      facts: { hop: 1n, reason: '0x' },
      hop: 1,
      detail: 'hop 2 of 2 failed: "UniswapV2: K"',
    },
    gasUsed: 90_000n,
    effectiveGasPrice: 20n,
    real: profitOf(0n, 90_000n * 20n),
  }
}

function profitOf(grossProfit: bigint, gas: bigint): ProfitAndCost {
  const premium = grossProfit > 0n ? 7n : 0n
  const netProfit = grossProfit - premium - gas
  return { grossProfit, premium, gas, l1DataFee: 0n, tip: 0n, netProfit }
}

function cycleOf(seed: number): Cycle {
  const pools = [poolOf(seed * 2, 'uniswap-v2'), poolOf(seed * 2 + 1, 'sushi')]
  return {
    id: hashOf(seed).slice(0, 18) as Hex,
    tokenIn: tokens[0]!,
    hops: pools.map((pool, i) => ({
      pool,
      tokenIn: tokens[i]!,
      tokenOut: tokens[1 - i]!,
      zeroForOne: i === 0,
      amountIn: 10n ** 18n,
      amountOut: 10n ** 18n,
    })),
  }
}

function poolOf(seed: number, dex: string): Pool {
  return {
    address: addressOf(1000 + seed),
    dex,
    tokens: [tokens[0]!.address, tokens[1]!.address],
    family: 'constantProduct',
    feePips: 3000,
    reserves: [10n ** 21n, 10n ** 21n],
  }
}

function addressOf(number: number): Hex {
  return `0x${number.toString(16).padStart(40, '0')}`
}

function hashOf(number: number): Hex {
  return `0x${Math.floor(number).toString(16).padStart(64, '0')}`
}
