import type { SolidlyVolatileState } from '../../engine/poolState.ts'
import type { Family } from './family.ts'
import {
  checkFee,
  checkReserves,
  integerField,
  integerPair,
  reservesField,
} from './fields.ts'

/** x·y = k with the fee taken off the input first: Solidly's volatile pairs. */
export const solidlyVolatile: Family<SolidlyVolatileState> = {
  name: 'solidlyVolatile',
  // Its pools tell their decimals as the stable ones do; this curve needs none.
  fields: ['decimals', 'feePips', 'reserves'],
  changing: ['feePips', 'reserves'],

  parse(row) {
    const { decimals } = row
    if (decimals !== undefined) integerPair(decimals, 'decimals')
    return {
      family: 'solidlyVolatile',
      feePips: integerField(row, 'feePips'),
      reserves: reservesField(row),
    }
  },

  write(state) {
    return {
      feePips: state.feePips,
      reserves: state.reserves.map(String),
    }
  },

  check(state) {
    checkFee(state.feePips)
    checkReserves(state.reserves)
  },
}
