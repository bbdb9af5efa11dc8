import type { QuotedState } from '../../engine/poolState.ts'
import type { PoolChange } from '../marketBlock.ts'

/** What the market knows of a curve family: how its state stands in a file row, its rules, what a block may change. */
export type Family<State extends QuotedState = QuotedState> = {
  readonly name: State['family']
  /** The fields of its state in a file row. */
  readonly fields: readonly string[]
  /** The fields a block may change. */
  readonly changing: readonly Exclude<keyof PoolChange, 'pool'>[]
  /**
   * Reads the state from a file row; `decimals` tells those of its tokens.
   * @throws PoolInvalidError naming the field.
   */
  parse(row: PoolRow, decimals: () => readonly [number, number]): State
  /** The fields of a file row for this state. */
  write(state: State): Readonly<Record<string, unknown>>
  /**
   * Holds the state against the family's rules.
   * @throws PoolInvalidError naming the rule and the value.
   */
  check(state: State): void
}

/** The parsed JSON of a pool row. */
export type PoolRow = Readonly<Record<string, unknown>>
