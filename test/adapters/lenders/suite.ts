import { Interface } from 'ethers'
import { expect } from 'vitest'
import { lenderProtocol } from '../../../src/adapters/lenders/index.ts'
import { makeArtifact } from '../../../src/adapters/protocols/artifact.ts'
import {
  createTransactor,
  testToken,
} from '../../../src/adapters/protocols/index.ts'
import { decodePlan, encodePlan } from '../../../src/contracts/calldata.ts'
import { parseAddress, zeroAddress } from '../../../src/core/address.ts'
import type { Hex } from '../../../src/core/hex.ts'
import type { Rpc } from '../../../src/core/rpc.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import type { Lender, LoanTerms } from '../../../src/market/lender.ts'
import type { Edges } from '../../support/edges.ts'
import { trader } from '../../support/protocolStage.ts'
import { compileContract } from '../../support/solc.ts'

/** Loans compared with each lender's terms: 40, or 2,000 in the long run that APEX_FUZZ asks for. */
const { APEX_FUZZ } = process.env
export const loanCount: number = Math.min(2000, Number(APEX_FUZZ ?? 40))

export const suiteTimeoutMs: number = 120_000 + 100 * loanCount

/** Kinds whose loans the taker can take. */
export type TakenKind =
  | 'balancerV2'
  | 'morpho'
  | 'aaveV3'
  | 'uniswapV3'
  | 'uniswapV4'
  | 'balancerV3'

const taken = new Interface([
  ...['balancerV2', 'morpho', 'aaveV3', 'uniswapV4', 'balancerV3'].map(
    (kind) => `function ${kind}(address, address, uint256) returns (uint256)`,
  ),
  'function uniswapV3(address, address, uint256, bool) returns (uint256)',
])

/** Deploys the contract that takes loans, with base units of each token to pay premiums. */
export async function deployTaker(
  rpc: Rpc,
  mine: () => Promise<void>,
  tokens: readonly Hex[],
): Promise<Hex> {
  const transactor = createTransactor(rpc, trader, mine)
  const bytecode = compileContract('solc', 'LoanTaker.sol', 'LoanTaker')
  const taker = await transactor.deploy(makeArtifact('LoanTaker', [], bytecode))
  for (const token of tokens)
    await transactor.send(token, testToken, 'mint', [taker, 1n << 120n])
  await transactor.flush()
  return taker
}

/**
 * Reads a lender's terms and takes loans of all sizes: each must cost what the
 * terms say, the largest must be granted, one unit more must not.
 */
export async function expectTermsHold(
  rpc: Rpc,
  taker: Hex,
  lender: Lender,
  token: Hex,
  edges: Edges,
  count: number = loanCount,
): Promise<LoanTerms> {
  const terms = await lenderProtocol(lender.kind).readTerms(rpc, lender, token)
  const { available } = terms
  expect(available).toBeGreaterThan(0n)
  const amounts = [1n, 2n, available - 1n, available]
  while (amounts.length < count)
    amounts.push(1n + (edges.uint(128) % available))
  for (const amount of amounts) {
    const premium = await takeLoan(rpc, taker, lender, token, amount, terms)
    expect([amount, premium]).toEqual([amount, terms.premium(amount)])
  }
  const tooMuch = takeLoan(rpc, taker, lender, token, available + 1n, terms)
  expect(await tooMuch).toBe('reverts')
  expectRoundTrip(lender, terms)
  return terms
}

/** What a loan costs, as the taker's balance tells. */
export async function takeLoan(
  rpc: Rpc,
  taker: Hex,
  { kind, address }: Lender,
  token: Hex,
  amount: bigint,
  { lendsToken1 }: Pick<LoanTerms, 'lendsToken1'>,
): Promise<bigint | 'reverts'> {
  const values = [
    address,
    token,
    amount,
    ...(kind === 'uniswapV3' ? [lendsToken1] : []),
  ]
  const data = taken.encodeFunctionData(kind as TakenKind, values)
  try {
    const call = { from: trader, to: taker, data, gas: '0x1c9c380' }
    return BigInt((await rpc.request('eth_call', [call, 'latest'])) as Hex)
  } catch (error) {
    if (error instanceof RpcError) return 'reverts'
    throw error
  }
}

/** The loan must survive the packed plan. */
export function expectRoundTrip(
  { kind, address }: Pick<Lender, 'kind' | 'address'>,
  { lendsToken1 }: Pick<LoanTerms, 'lendsToken1'>,
): void {
  const token = parseAddress('0x4200000000000000000000000000000000000006')
  const plan = {
    chainId: 31337,
    deadline: 1,
    firstBlock: 1,
    lastBlock: 2,
    token,
    amountIn: 1000n,
    minProfit: 1n,
    lender: {
      kind,
      address: parseAddress(address),
      lendsToken1,
    },
    tip: { bps: 0, to: zeroAddress },
    hops: [
      {
        module: 'v3' as const,
        target: token,
        tokenOut: token,
        zeroForOne: true,
        amountOut: 1n,
      },
    ],
  }
  expect(decodePlan(encodePlan(plan))).toEqual(plan)
}
