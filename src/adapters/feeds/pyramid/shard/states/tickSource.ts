import type { Hex } from '../../../../../core/hex.ts'
import type { Dex } from '../../../../../market/dex.ts'
import type { FoundPool } from '../../found.ts'
import type { Call } from '../../lane/words.ts'

/** How one concentrated pool is asked for its state. */
export type TickSource = {
  readonly headCalls: readonly Call[]
  /** What the answers to `headCalls` say, or why the pool is kept out. */
  head(answers: readonly (Hex | undefined)[]): Head | string
  /** Its bitmap and ticks are those of Uniswap V3: PoolLens reads them. */
  readonly isLensReadable?: true
  bitmapCall(word: number): Call
  tickCall(tick: number): Call
  /** What stands at a tick; undefined where the answer is none. */
  tickOf(answer: Hex | undefined): TickInfo | undefined
  /** A node of the tree over the bitmap's words, where there is one. */
  treeCall?(node: number): Call
}

/** Makes the source of a pool. */
export type MakeTickSource = (dex: Dex, pool: FoundPool) => TickSource

/** Price, fee and how the ticks are kept. */
export type Head = {
  readonly sqrtPriceX96: bigint
  readonly tick: number
  readonly liquidity: bigint
  readonly feePips: number
  readonly tickSpacing: number
  readonly tickSearch?: 'list'
  /** Ticks from one bit of the bitmap to the next: the spacing, or 1. */
  readonly ticksPerBit: number
  /** Which nodes of the tree over the bitmap have ticks below them. */
  readonly treeRoot?: bigint
}

/** What a tick holds. */
export type TickInfo = {
  readonly liquidityGross: bigint
  readonly liquidityNet: bigint
}
