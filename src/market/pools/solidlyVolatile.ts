import type { SolidlyVolatileState } from '../../engine/poolState.ts'
import type { Family } from './family.ts'
import {
  checkFee,
  checkReserves,
  integerField,
  reservesField,
} from './fields.ts'

/** x·y = k with the fee taken off the input first: Solidly's volatile pairs. */
export const solidlyVolatile: Family<SolidlyVolatileState> = {
  name: 'solidlyVolatile',
  fields: ['feePips', 'reserves'],
  changing: ['feePips', 'reserves'],

  parse(row) {
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
