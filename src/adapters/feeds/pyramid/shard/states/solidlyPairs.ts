import type { Hex } from '../../../../../core/hex.ts'
import type { PoolReading, PoolsToRead } from '../../found.ts'
import type { CallReader } from '../../lane/callReader.ts'
import { callOf, wordAt } from '../../lane/words.ts'

/** The factory's fees are in 1/10,000. */
const pipsOfFee = 100n
const callsOfPair = 3

/**
 * Pairs of Solidly and its forks. The factory tells the fee: of each pair in
 * Velodrome's line, `getFee(pair, stable)`, or of each curve in Thena's,
 * `getFee(stable)`.
 */
export async function readSolidlyPairs(
  reader: CallReader,
  { dex, pools, decimalsOf }: PoolsToRead,
): Promise<readonly PoolReading[]> {
  const answers = await reader.read(
    pools.flatMap(({ address, isStable }) => {
      const stable = isStable ? 1n : 0n
      return [
        callOf(address, 'getReserves()'),
        callOf(dex.address, 'getFee(address,bool)', [address, stable]),
        callOf(dex.address, 'getFee(bool)', [stable]),
      ]
    }),
  )
  return pools.map(({ address, tokens, isStable }, i) => {
    const [state, ownFee, curveFee] = answers.slice(
      i * callsOfPair,
      (i + 1) * callsOfPair,
    )
    const reserve0 = wordAt(state, 0)
    const reserve1 = wordAt(state, 1)
    if (reserve0 === undefined || reserve1 === undefined)
      return { reason: 'the pair tells no reserves' }
    const feePips = feeOf(ownFee, curveFee) ?? dex.feePips
    if (feePips === undefined)
      return { reason: 'the factory does not tell the fee' }
    const identity = { address, dex: dex.name, tokens }
    const reserves = [reserve0, reserve1] as const
    if (!isStable)
      return { ...identity, family: 'solidlyVolatile', feePips, reserves }
    const decimals = [decimalsOf(tokens[0]), decimalsOf(tokens[1])] as const
    return {
      ...identity,
      family: 'solidlyStable',
      feePips,
      reserves,
      decimals,
    }
  })
}

function feeOf(
  own: Hex | undefined,
  ofCurve: Hex | undefined,
): number | undefined {
  const fee = wordAt(own, 0) ?? wordAt(ofCurve, 0)
  return fee === undefined || fee > 10_000n
    ? undefined
    : Number(fee * pipsOfFee)
}
