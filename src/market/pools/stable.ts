import { PoolInvalidError } from '../../engine/errors.ts'
import type { StableState } from '../../engine/poolState.ts'
import type { Family } from './family.ts'
import {
  bigintField,
  checkReserves,
  checkScalingFactors,
  checkSwapFee,
  integerPair,
  parseBigints,
  scalingFactorOf,
} from './fields.ts'

/** StableMath._MAX_STABLE_TOKENS. */
const maxTokens = 5
/** StableMath's _MIN_AMP and _MAX_AMP times _AMP_PRECISION. */
const minAmplification = 1000n
const maxAmplification = 5_000_000n

/**
 * Curve's stable invariant: Balancer V2's composable stable pools without rate
 * providers. Quoted exactly; not searched. All balances enter the formula, so a
 * pool of more than two tokens is one row with all of them, for one traded pair.
 */
export const stable: Family<StableState> = {
  name: 'stable',
  fields: [
    'swapFee',
    'amplification',
    'balances',
    'scalingFactors',
    'pair',
    'poolId',
    'poolTokens',
  ],
  changing: ['swapFee', 'amplification', 'balances'],

  parse(row, decimals) {
    const { balances, scalingFactors, pair } = row
    return {
      family: 'stable',
      swapFee: bigintField(row, 'swapFee'),
      amplification: bigintField(row, 'amplification'),
      balances: parseBigints(balances, 'balances'),
      scalingFactors:
        scalingFactors === undefined
          ? decimals().map(scalingFactorOf)
          : parseBigints(scalingFactors, 'scalingFactors'),
      pair: pair === undefined ? [0, 1] : integerPair(pair, 'pair'),
    }
  },

  write(state) {
    return {
      swapFee: `${state.swapFee}`,
      amplification: `${state.amplification}`,
      balances: state.balances.map(String),
      scalingFactors: state.scalingFactors.map(String),
      pair: state.pair,
    }
  },

  check(state) {
    checkSwapFee(state.swapFee)
    checkReserves(state.balances, 'balances')
    checkScalingFactors(state.scalingFactors)
    const { amplification, balances, scalingFactors, pair } = state
    if (amplification < minAmplification || amplification > maxAmplification)
      throw new PoolInvalidError(
        `amplification is outside ${minAmplification} … ${maxAmplification}: ${amplification}`,
        { facts: { amplification }, hint: '1000 is an amplification of 1' },
      )
    if (balances.length < 2 || balances.length > maxTokens)
      throw new PoolInvalidError(
        `a stable pool has 2 to ${maxTokens} tokens, not ${balances.length}`,
        { facts: { balances } },
      )
    if (scalingFactors.length !== balances.length)
      throw new PoolInvalidError(
        `${scalingFactors.length} scalingFactors for ${balances.length} balances`,
        { facts: { scalingFactors, balances } },
      )
    if (pair[0] < 0 || pair[0] >= pair[1] || pair[1] >= balances.length)
      throw new PoolInvalidError(
        `pair is no two rising places in ${balances.length} balances: ${pair.join(', ')}`,
        { facts: { pair } },
      )
  },
}
