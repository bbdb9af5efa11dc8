import { PoolInvalidError } from '../../engine/errors.ts'
import type { WeightedState } from '../../engine/poolState.ts'
import { one } from '../../engine/reference/fixedPoint.ts'
import type { Family } from './family.ts'
import {
  bigintField,
  checkReserves,
  checkScalingFactors,
  checkSwapFee,
  parseBigints,
  reservesField,
  scalingFactorOf,
} from './fields.ts'

/** BasePool's WeightedMath._MIN_WEIGHT: 1 %. */
const minWeight = one / 100n

/**
 * x^wx · y^wy = k: Balancer V2's weighted pools. Quoted exactly; not searched.
 * A pool of more than two tokens is a row of two of them: the others do not
 * enter the formula.
 */
export const weighted: Family<WeightedState> = {
  name: 'weighted',
  fields: [
    'swapFee',
    'reserves',
    'weights',
    'scalingFactors',
    'wholeExponents',
    'poolId',
  ],
  changing: ['swapFee', 'reserves'],

  parse(row, decimals) {
    const { scalingFactors, weights, wholeExponents = 'multiplied' } = row
    if (wholeExponents !== 'multiplied' && wholeExponents !== 'logarithm')
      throw new PoolInvalidError(
        `wholeExponents is neither "multiplied" nor "logarithm": ${JSON.stringify(wholeExponents)}`,
        { facts: { wholeExponents } },
      )
    return {
      family: 'weighted',
      swapFee: bigintField(row, 'swapFee'),
      reserves: reservesField(row),
      weights: pair(parseBigints(weights, 'weights'), 'weights'),
      scalingFactors:
        scalingFactors === undefined
          ? pair(decimals().map(scalingFactorOf), 'scalingFactors')
          : pair(
              parseBigints(scalingFactors, 'scalingFactors'),
              'scalingFactors',
            ),
      wholeExponents,
    }
  },

  write(state) {
    return {
      swapFee: `${state.swapFee}`,
      reserves: state.reserves.map(String),
      weights: state.weights.map(String),
      scalingFactors: state.scalingFactors.map(String),
      ...(state.wholeExponents === 'logarithm' && {
        wholeExponents: state.wholeExponents,
      }),
    }
  },

  check(state) {
    checkSwapFee(state.swapFee)
    checkReserves(state.reserves)
    checkScalingFactors(state.scalingFactors)
    const [weight0, weight1] = state.weights
    if (weight0 < minWeight || weight1 < minWeight || weight0 + weight1 > one)
      throw new PoolInvalidError(
        `weights are below 1 %, or above 100 % together: ${state.weights.join(', ')}`,
        { facts: { weights: state.weights }, hint: '10^18 is 100 %' },
      )
  },
}

function pair(values: readonly bigint[], name: string): [bigint, bigint] {
  const [first, second, ...others] = values
  if (first === undefined || second === undefined || others.length > 0)
    throw new PoolInvalidError(`${name} is no list of two`, {
      facts: { [name]: values },
    })
  return [first, second]
}
