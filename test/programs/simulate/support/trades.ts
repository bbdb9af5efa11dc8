import type { Hex } from '../../../../src/core/hex.ts'
import type { Outcome, Plan } from '../../../../src/market/plan.ts'
import type { Pool } from '../../../../src/market/pool.ts'
import type { Token } from '../../../../src/market/token.ts'

const weth: Token = { address: address(1), symbol: 'WETH', decimals: 18 }
const usdc: Token = { address: address(2), symbol: 'USDC', decimals: 6 }

/** A plan of two hops that predicts so many base units. */
export function planOf(predictedProfit: bigint): Plan {
  const hop = (pool: Pool, zeroForOne: boolean) => ({
    pool,
    tokenIn: zeroForOne ? weth : usdc,
    tokenOut: zeroForOne ? usdc : weth,
    zeroForOne,
    amountIn: 1000n,
    amountOut: 1000n,
  })
  return {
    id: `0x${'ab'.repeat(32)}`,
    opportunity: {
      cycle: {
        id: '0x01',
        tokenIn: weth,
        hops: [
          hop(pool(3, 'uniswap-v2'), true),
          hop(pool(4, 'uniswap-v3'), false),
        ],
      },
      amountIn: 1000n,
      amountOut: 1000n + predictedProfit,
      grossProfit: predictedProfit,
      grossProfitNative: predictedProfit,
      blockNumber: 7,
    },
    chainId: 31337,
    blockNumber: 7,
    executor: address(8),
    operator: address(9),
    loan: {
      lender: 'balancer-v2',
      kind: 'balancerV2',
      address: address(10),
      amount: 1000n,
      premium: 0n,
    },
    data: '0x',
    minProfit: 1n,
    predictedProfit,
    tip: { bps: 0, to: address(0) },
    deadline: 1,
    firstBlock: 7,
    lastBlock: 8,
    gasLimit: 1n,
    gasPrice: { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n },
    expected: moneyOf(predictedProfit, 10n),
  }
}

export function landed(profit: bigint): Outcome {
  return {
    kind: 'landed',
    ...mined,
    profit,
    tip: 0n,
    real: moneyOf(profit, 10n),
  }
}

export function reverted(): Outcome {
  const revert = {
    error: 'HopFailed',
    facts: {},
    hop: 0,
    detail: 'hop 1 failed',
  }
  return { kind: 'reverted', ...mined, revert, real: moneyOf(0n, 10n) }
}

export const dropped: Outcome = {
  kind: 'dropped',
  txHash: hash(1),
  reason: 'expired',
}

export function address(value: number): Hex {
  return `0x${value.toString(16).padStart(40, '0')}`
}

export function hash(value: number): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}

const mined = {
  txHash: hash(1),
  blockNumber: 8,
  blockHash: hash(8),
  blockTimestamp: 1,
  gasUsed: 5n,
  effectiveGasPrice: 2n,
}

function moneyOf(grossProfit: bigint, gas: bigint) {
  const netProfit = grossProfit - gas
  return { grossProfit, premium: 0n, gas, l1DataFee: 0n, tip: 0n, netProfit }
}

function pool(value: number, dex: string): Pool {
  return {
    address: address(value),
    dex,
    tokens: [weth.address, usdc.address],
    family: 'constantProduct',
    feePips: 3000,
    reserves: [1000n, 1000n],
  }
}
