import { AbiCoder, type ErrorDescription, Interface } from 'ethers'
import type { Hex } from '../../core/hex.ts'
import type { Revert } from '../../market/plan.ts'
import { executorInterface } from './executorInterface.ts'

/** Errors of the protocols below the executor that people meet. */
const protocolErrors = new Interface([
  'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
  'error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)',
  'error SafeERC20FailedOperation(address token)',
  'error PoolNotInitialized()',
  'error CurrencyNotSettled()',
  'error AlreadyUnlocked()',
  'error ManagerLocked()',
  'error PriceLimitAlreadyExceeded(uint160 sqrtPriceCurrentX96, uint160 sqrtPriceLimitX96)',
  'error PriceLimitOutOfBounds(uint160 sqrtPriceLimitX96)',
  'error notInitialized()',
  'error locked()',
  'error insufficientInputAmount()',
  'error invalidLimitSqrtPrice()',
])

const textSelector = '0x08c379a0'
const panicSelector = '0x4e487b71'

/** Panics that a swap may meet; Solidity's documentation has them all. */
const panics: Readonly<Record<string, string>> = {
  '17': 'an amount overflows',
  '18': 'a division by zero',
  '50': 'an index out of bounds',
}

/** How the names in a revert read: of hop 1 `uniswap-v2 0x1234…`. */
export type RevertNames = {
  /** Of each hop, its pool. */
  readonly hops: readonly string[]
  readonly lender: string
}

/** The error of a transaction that used all its gas. */
export const outOfGas: Revert = {
  error: 'OutOfGas',
  facts: {},
  hop: undefined,
  detail: 'the gas limit did not suffice',
}

/** Says what the executor reverted with. Without data it is `unknown`. */
export function decodeRevert(data: Hex, names: RevertNames): Revert {
  const known = parsed(executorInterface, data)
  if (known) {
    const facts = factsOf(known)
    const { hop, reason } = facts
    // A lender hands on what the trade in its callback reverted with: that is the cause.
    if (known.name === 'LoanFailed' && parsed(executorInterface, `${reason}`))
      return decodeRevert(reason as Hex, names)
    return {
      error: known.name,
      facts,
      hop: typeof hop === 'bigint' ? Number(hop) : undefined,
      detail: sentence(known.name, facts, names),
    }
  }
  return {
    error: 'unknown',
    facts: { data },
    hop: undefined,
    detail: `the executor reverted: ${reasonText(data)}`,
  }
}

/** What a pool, lender or token said, in words. */
export function reasonText(data: string): string {
  if (data === '0x') return 'without a reason'
  if (data.startsWith(textSelector)) return `"${textOf(data) ?? data}"`
  if (data.startsWith(panicSelector)) {
    const code = BigInt(`0x${data.slice(10, 74) || '0'}`).toString()
    return panics[code] ?? `panic ${code}`
  }
  const known = parsed(executorInterface, data) ?? parsed(protocolErrors, data)
  return known ? known.signature : data.slice(0, 74)
}

function sentence(
  error: string,
  facts: Readonly<Record<string, unknown>>,
  names: RevertNames,
): string {
  const { hop, reason, caller, profit, minProfit, received, least } = facts
  const { deadline, firstBlock, lastBlock, chainId, amount, to } = facts
  const nthHop = hopName(Number(hop), names.hops)
  switch (error) {
    case 'ProfitTooLow':
      return `the profit would be ${profit}, at least ${minProfit} was asked for`
    case 'HopFailed':
      return `${nthHop} failed: ${reasonText(String(reason))}`
    case 'HopShort':
      return `${nthHop} paid ${received}, at least ${least} was asked for`
    case 'BalanceFell':
      return `${nthHop} took more of the token than was sold to it`
    case 'LoanFailed':
      return `the loan of ${names.lender} failed: ${reasonText(String(reason))}`
    case 'LoanMissing':
      return `${names.lender} did not lend`
    case 'Expired':
      return `the deadline ${deadline} has passed`
    case 'WrongBlock':
      return `the block is not one of ${firstBlock} to ${lastBlock}`
    case 'WrongChain':
      return `the plan is for chain ${chainId}`
    case 'NotOperator':
      return `${caller} is no operator of the executor`
    case 'TipFailed':
      return `the tip of ${amount} to ${to} was not accepted`
    case 'UnexpectedCallback':
      return `${caller} called back without having been asked`
    case 'PlanMalformed':
      return 'the plan is malformed'
    case 'EnforcedPause':
      return 'the executor is paused'
    default:
      return `the executor reverted with ${error}`
  }
}

function hopName(index: number, hops: readonly string[]): string {
  return `hop ${index + 1} of ${hops.length} (${hops[index] ?? 'not in the plan'})`
}

function parsed(types: Interface, data: string): ErrorDescription | null {
  // ethers knows these of every contract; they are no errors of this one.
  if (data.startsWith(textSelector) || data.startsWith(panicSelector))
    return null
  try {
    return types.parseError(data)
  } catch {
    // Cut off by the executor, or another error of the same selector: unknown.
    return null
  }
}

function factsOf(error: ErrorDescription): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    error.fragment.inputs.map(({ name }, i) => [name, error.args[i]]),
  )
}

/** The executor keeps the first 512 bytes of a reason: a long text is cut off. */
function textOf(data: string): string | undefined {
  try {
    const padded = data.slice(10).padEnd(2 * 4096, '0')
    const [text] = AbiCoder.defaultAbiCoder().decode(['string'], `0x${padded}`)
    return printable(text as string)
  } catch {
    return undefined
  }
}

/** A stranger's text goes to terminals and logs: nothing but plain characters. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '').slice(0, 200)
}
