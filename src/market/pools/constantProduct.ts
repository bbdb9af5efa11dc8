import type { ConstantProductState } from '../../engine/poolState.ts'
import type { Family } from './family.ts'
import {
  checkFee,
  checkReserves,
  integerField,
  reservesField,
} from './fields.ts'

/** x·y = k with the fee inside the formula: Uniswap V2 and its forks. */
export const constantProduct: Family<ConstantProductState> = {
  name: 'constantProduct',
  fields: ['feePips', 'reserves'],
  changing: ['feePips', 'reserves'],

  parse(row) {
    return {
      family: 'constantProduct',
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
