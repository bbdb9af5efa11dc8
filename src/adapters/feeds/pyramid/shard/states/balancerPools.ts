import type { Hex } from '../../../../../core/hex.ts'
import type { FoundPool, PoolReading, PoolsToRead } from '../../found.ts'
import type { CallReader } from '../../lane/callReader.ts'
import { callOf, listAt, wordAt } from '../../lane/words.ts'

const callsOfPool = 6
/** FixedPoint treats these exponents apart since 2022; the last digits differ. */
const specialExponents = [1n, 2n, 4n]

/** Balancer V2: weighted pools of two tokens and composable stable pools. */
export async function readBalancerPools(
  reader: CallReader,
  { dex, pools }: PoolsToRead,
): Promise<readonly PoolReading[]> {
  const answers = await reader.read(
    pools.flatMap(({ address, poolId }) => [
      callOf(dex.address, 'getPoolTokens(bytes32)', [poolId ?? '0x0']),
      callOf(address, 'getSwapFeePercentage()'),
      callOf(address, 'getScalingFactors()'),
      callOf(address, 'getNormalizedWeights()'),
      callOf(address, 'getAmplificationParameter()'),
      callOf(address, 'version()'),
    ]),
  )
  return pools.map((pool, i) =>
    poolOf(
      dex.name,
      pool,
      answers.slice(i * callsOfPool, (i + 1) * callsOfPool),
    ),
  )
}

function poolOf(
  dex: string,
  { address, tokens, poolId }: FoundPool,
  answers: readonly (Hex | undefined)[],
): PoolReading {
  const [held, feeAnswer, factorsAnswer, weightsAnswer, ampAnswer, version] =
    answers
  const heldTokens = listAt(held, 0)
  const balances = listAt(held, 1)
  const factors = listAt(factorsAnswer, 0)
  const swapFee = wordAt(feeAnswer, 0)
  if (!poolId || !heldTokens || !balances || !factors || swapFee === undefined)
    return { reason: 'the pool does not tell its state' }
  const identity = { address, poolId, dex, tokens }
  const weights = listAt(weightsAnswer, 0)
  if (weights) {
    const places = placesOf(tokens, heldTokens)
    if (!places) return { reason: 'the Vault holds other tokens for it' }
    const own = pairOf(weights, places)
    if (version === undefined && isSpecial(own))
      return { reason: 'it does not tell its version, on which rounding hangs' }
    return {
      ...identity,
      family: 'weighted',
      swapFee,
      reserves: pairOf(balances, places),
      weights: own,
      scalingFactors: pairOf(factors, places),
      wholeExponents: 'multiplied',
    }
  }
  const amplification = wordAt(ampAnswer, 0)
  if (amplification === undefined)
    return { reason: 'neither a weighted nor a stable pool' }
  // The pool's own shares stand among tokens, balances and factors.
  const isOther = (_: unknown, i: number): boolean =>
    heldTokens[i] !== BigInt(address)
  const others = heldTokens.filter(isOther)
  if (others.length === heldTokens.length)
    return { reason: 'no composable stable pool' }
  const pair = placesOf(tokens, others)
  if (!pair) return { reason: 'the Vault holds other tokens for it' }
  return {
    ...identity,
    poolTokens: others.map(addressOf),
    family: 'stable',
    swapFee,
    amplification,
    balances: balances.filter(isOther),
    scalingFactors: factors.filter(isOther),
    pair,
  }
}

function placesOf(
  tokens: readonly [Hex, Hex],
  held: readonly bigint[],
): readonly [number, number] | undefined {
  const first = held.indexOf(BigInt(tokens[0]))
  const second = held.indexOf(BigInt(tokens[1]))
  return first < 0 || second < 0 ? undefined : [first, second]
}

function pairOf(
  values: readonly bigint[],
  [first, second]: readonly [number, number],
): readonly [bigint, bigint] {
  return [values[first] ?? 0n, values[second] ?? 0n]
}

function isSpecial([a, b]: readonly [bigint, bigint]): boolean {
  return specialExponents.some((times) => a === times * b || b === times * a)
}

function addressOf(value: bigint): Hex {
  return `0x${value.toString(16).padStart(40, '0')}`
}
