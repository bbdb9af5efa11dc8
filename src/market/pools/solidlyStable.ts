import type { SolidlyStableState } from '../../engine/poolState.ts'
import type { Family } from './family.ts'
import {
  checkDecimals,
  checkFee,
  checkReserves,
  integerField,
  integerPair,
  reservesField,
} from './fields.ts'

/** x³y + y³x = k on amounts scaled to 18 decimals: Solidly's stable pairs. */
export const solidlyStable: Family<SolidlyStableState> = {
  name: 'solidlyStable',
  fields: ['decimals', 'feePips', 'reserves'],
  changing: ['feePips', 'reserves'],

  parse(row, decimals) {
    const { decimals: written } = row
    return {
      family: 'solidlyStable',
      feePips: integerField(row, 'feePips'),
      reserves: reservesField(row),
      decimals:
        written === undefined ? decimals() : integerPair(written, 'decimals'),
    }
  },

  write(state) {
    return {
      decimals: state.decimals,
      feePips: state.feePips,
      reserves: state.reserves.map(String),
    }
  },

  check(state) {
    checkFee(state.feePips)
    checkReserves(state.reserves)
    checkDecimals(state.decimals[0], 'decimals[0]')
    checkDecimals(state.decimals[1], 'decimals[1]')
  },
}
