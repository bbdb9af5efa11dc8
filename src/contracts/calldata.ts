import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { parseAddress } from '../core/address.ts'
import { ApexError } from '../core/errors.ts'
import type { Hex } from '../core/hex.ts'

/**
 * The packed plan that `Executor.execute(bytes)` reads. This file and
 * contracts/libraries/PlanReader.sol are the only places that know the layout.
 *
 * ```text
 * header, 121 bytes
 *   0  version       1   always 1
 *   1  lender        1   low bits: place in `lenderKinds`; 0x80: the loan is token1 of the lending pool
 *   2  chainId       8
 *  10  deadline      5   unix seconds, inclusive
 *  15  firstBlock    6
 *  21  lastBlock     6
 *  27  token        20   begins and ends the cycle; the loan and the profit are in it
 *  47  amountIn     16   of the first hop, and the loan
 *  63  minProfit    16   after premium and tip
 *  79  tipBps        2   share of the profit, 1/10,000
 *  81  tipTo        20   zero: block.coinbase
 * 101  lender       20   its address; zero for none and for a flash swap
 *
 * hop, 58 bytes and what its module adds
 *   0  module        1   place in `swapModules`
 *   1  flags         1   0x01: sells token0; 0x02: the V4 pool holds the native coin
 *   2  target       20   pair, pool, PoolManager or Vault
 *  22  tokenOut     20
 *  42  amountOut    16   least accepted; a pair is asked for exactly this, and computes it where it is 0
 *  58  pair         3    feePips
 *      v4          26    feePips 3, tickSpacing 3 (signed), hooks 20
 *      balancerV2  32    poolId
 * ```
 */
export const planVersion = 1
export const headerBytes = 121
export const hopBytes = 58
const minProfitAt = 63
const minProfitBytes = 16
const tipToAt = 81

/** Who lends, by the code in the plan. */
export const lenderKinds = [
  'none',
  'balancerV2',
  'morpho',
  'aaveV3',
  'uniswapV3',
  'v2FlashSwap',
  'uniswapV4',
  'balancerV3',
] as const
export type LenderKind = (typeof lenderKinds)[number]

/** How a hop is traded, by the code in the plan. */
export const swapModules = ['v2', 'solidly', 'v3', 'v4', 'balancerV2'] as const
export type SwapModule = (typeof swapModules)[number]

/** One hop as the contract sees it. Amounts are base units. */
export type ExecutorHop = {
  /** Pair, pool, PoolManager or Vault. */
  readonly target: Hex
  readonly tokenOut: Hex
  /** Selling the pool's token0. */
  readonly zeroForOne: boolean
  /** Least accepted. A pair is asked for exactly this; 0 lets the contract compute it from the pair's reserves. */
  readonly amountOut: bigint
} & (
  | { readonly module: 'v2'; readonly feePips: number }
  | { readonly module: 'solidly' }
  | { readonly module: 'v3' }
  | {
      readonly module: 'v4'
      readonly feePips: number
      readonly tickSpacing: number
      readonly hooks: Hex
      /** The pool trades the native coin where the route has its wrapped form. */
      readonly native: boolean
    }
  | { readonly module: 'balancerV2'; readonly poolId: Hex }
)

/** What `execute` is told. Amounts are base units of `token`. */
export type ExecutorPlan = {
  readonly chainId: number
  /** Unix seconds; the last second in which the plan may run. */
  readonly deadline: number
  readonly firstBlock: number
  readonly lastBlock: number
  /** Begins and ends the cycle: the loan and the profit are in it. */
  readonly token: Hex
  /** What the first hop sells, and what is borrowed. */
  readonly amountIn: bigint
  /** Least profit after loan premium and tip, or the contract reverts. */
  readonly minProfit: bigint
  readonly lender: {
    readonly kind: LenderKind
    /** Zero address for `none` and `v2FlashSwap`. */
    readonly address: Hex
    /** A Uniswap V3 pool lends its token1. */
    readonly lendsToken1: boolean
  }
  /** Share of the profit; `to` the zero address means `block.coinbase`. */
  readonly tip: { readonly bps: number; readonly to: Hex }
  readonly hops: readonly ExecutorHop[]
}

/**
 * Packs a plan into the bytes that `Executor.execute` takes.
 *
 * @throws PlanInvalidError where a value does not fit its field.
 * @example
 * const data = encodePlan(plan)
 * decodePlan(data) // the same plan
 */
export function encodePlan(plan: ExecutorPlan): Hex {
  const kind = lenderKinds.indexOf(plan.lender.kind)
  if (plan.hops.length === 0)
    throw new PlanInvalidError('a plan needs at least one hop')
  return `0x${[
    unsigned('version', BigInt(planVersion), 1),
    unsigned('lender', BigInt(kind | (plan.lender.lendsToken1 ? 0x80 : 0)), 1),
    unsigned('chainId', BigInt(plan.chainId), 8),
    unsigned('deadline', BigInt(plan.deadline), 5),
    unsigned('firstBlock', BigInt(plan.firstBlock), 6),
    unsigned('lastBlock', BigInt(plan.lastBlock), 6),
    bytes('token', plan.token, 20),
    unsigned('amountIn', plan.amountIn, 16),
    unsigned('minProfit', plan.minProfit, minProfitBytes),
    unsigned('tip.bps', BigInt(plan.tip.bps), 2),
    bytes('tip.to', plan.tip.to, 20),
    bytes('lender.address', plan.lender.address, 20),
    ...plan.hops.map(encodeHop),
  ].join('')}`
}

/**
 * Reads packed bytes back into a plan, addresses checksummed.
 *
 * @throws PlanInvalidError where the bytes are no plan.
 */
export function decodePlan(data: Hex): ExecutorPlan {
  const reader = new Reader(data)
  const version = reader.number(1)
  if (version !== planVersion)
    throw new PlanInvalidError(`a plan of version ${version}`, { version })
  const lender = reader.number(1)
  const kind = lenderKinds[lender & 0x7f]
  if (!kind) throw new PlanInvalidError(`no lender ${lender}`, { lender })
  const header = {
    chainId: reader.number(8),
    deadline: reader.number(5),
    firstBlock: reader.number(6),
    lastBlock: reader.number(6),
    token: reader.address(),
    amountIn: reader.unsigned(16),
    minProfit: reader.unsigned(16),
    tip: { bps: reader.number(2), to: reader.address() },
    lender: {
      kind,
      address: reader.address(),
      lendsToken1: lender >= 0x80,
    },
  }
  const hops: ExecutorHop[] = []
  while (!reader.done) hops.push(decodeHop(reader))
  if (hops.length === 0) throw new PlanInvalidError('a plan without hops')
  return { ...header, hops }
}

/**
 * The same packed plan with another least profit, in base units.
 *
 * @throws PlanInvalidError where it does not fit its field.
 */
export function replaceMinProfit(data: Hex, minProfit: bigint): Hex {
  const field = unsigned('minProfit', minProfit, minProfitBytes)
  return replaceAt(data, minProfitAt, field)
}

/**
 * The same packed plan with the tip paid to another; the zero address means
 * `block.coinbase`.
 *
 * @throws PlanInvalidError where it is no address.
 */
export function replaceTipTo(data: Hex, tipTo: Hex): Hex {
  return replaceAt(data, tipToAt, bytes('tipTo', tipTo, 20))
}

function replaceAt(data: Hex, place: number, field: string): Hex {
  const from = 2 + 2 * place
  return `${data.slice(0, from)}${field}${data.slice(from + field.length)}` as Hex
}

function encodeHop(hop: ExecutorHop): string {
  const native = hop.module === 'v4' && hop.native
  const flags = (hop.zeroForOne ? 1 : 0) | (native ? 2 : 0)
  const common = [
    unsigned('module', BigInt(swapModules.indexOf(hop.module)), 1),
    unsigned('flags', BigInt(flags), 1),
    bytes('target', hop.target, 20),
    bytes('tokenOut', hop.tokenOut, 20),
    unsigned('amountOut', hop.amountOut, 16),
  ]
  return [...common, ...encodeModuleFields(hop)].join('')
}

function encodeModuleFields(hop: ExecutorHop): readonly string[] {
  switch (hop.module) {
    case 'v2':
      return [unsigned('feePips', BigInt(hop.feePips), 3)]
    case 'v4':
      return [
        unsigned('feePips', BigInt(hop.feePips), 3),
        unsigned('tickSpacing', BigInt.asUintN(24, BigInt(hop.tickSpacing)), 3),
        bytes('hooks', hop.hooks, 20),
      ]
    case 'balancerV2':
      return [bytes('poolId', hop.poolId, 32)]
    default:
      return []
  }
}

function decodeHop(reader: Reader): ExecutorHop {
  const code = reader.number(1)
  const module = swapModules[code]
  if (!module) throw new PlanInvalidError(`no swap module ${code}`, { code })
  const flags = reader.number(1)
  if (flags > (module === 'v4' ? 3 : 1))
    throw new PlanInvalidError(`unknown flags ${flags} of a ${module} hop`, {
      module,
      flags,
    })
  const common = {
    target: reader.address(),
    tokenOut: reader.address(),
    zeroForOne: (flags & 1) !== 0,
    amountOut: reader.unsigned(16),
  }
  switch (module) {
    case 'v2':
      return { module, ...common, feePips: reader.number(3) }
    case 'v4':
      return {
        module,
        ...common,
        native: (flags & 2) !== 0,
        feePips: reader.number(3),
        tickSpacing: Number(BigInt.asIntN(24, reader.unsigned(3))),
        hooks: reader.address(),
      }
    case 'balancerV2':
      return { module, ...common, poolId: reader.bytes(32) }
    default:
      return { module, ...common }
  }
}

function unsigned(field: string, value: bigint, size: number): string {
  if (value < 0n || value >> BigInt(8 * size) !== 0n)
    throw new PlanInvalidError(
      `${field} does not fit ${size} bytes: ${value}`,
      { field, value: value.toString() },
    )
  return value.toString(16).padStart(2 * size, '0')
}

function bytes(field: string, value: Hex, size: number): string {
  if (!/^0x[\da-f]*$/i.test(value) || value.length !== 2 + 2 * size)
    throw new PlanInvalidError(`${field} is not ${size} bytes: ${value}`, {
      field,
      value,
    })
  return value.slice(2).toLowerCase()
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(data: Hex) {
    if (!/^0x([\da-f]{2})*$/i.test(data))
      throw new PlanInvalidError('a plan is hex of whole bytes')
    this.#bytes = hexToBytes(data.slice(2))
  }

  get done(): boolean {
    return this.#at === this.#bytes.length
  }

  bytes(size: number): Hex {
    const end = this.#at + size
    if (end > this.#bytes.length)
      throw new PlanInvalidError(
        `a plan ends early: byte ${end} of ${this.#bytes.length}`,
      )
    const part = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return `0x${bytesToHex(part)}`
  }

  unsigned(size: number): bigint {
    return BigInt(this.bytes(size))
  }

  number(size: number): number {
    const value = this.unsigned(size)
    // Only a chain id has more than 6 bytes, and none is above 2^53 (EIP-2294).
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new PlanInvalidError(`no chain has the id ${value}`)
    return Number(value)
  }

  address(): Hex {
    return parseAddress(this.bytes(20))
  }
}

/** A plan that the executor contract cannot be told, or bytes that are none. */
export class PlanInvalidError extends ApexError {
  override readonly name = 'PlanInvalidError'

  constructor(message: string, facts: Readonly<Record<string, unknown>> = {}) {
    super('PLAN_INVALID', message, { facts })
  }
}
