import { exp, ln } from '../../core/portableMath.ts'
import type { SeededRandom } from '../../core/seededRandom.ts'

/** About what the base fee returns to, in wei, and how fast, a block. */
const homeWei = 1e9
const pull = 0.02
const deviation = 0.04
/** EIP-1559: at most an eighth a block, up or down; a little less, as integers round. */
const mostStep = 0.117

/**
 * The next block's base fee: a walk round 1 gwei. Simulated blocks are nearly
 * empty, and by the protocol's own rule gas would soon cost nothing.
 *
 * @param baseFeePerGas of the last block, in wei.
 */
export function drawBaseFee(
  baseFeePerGas: bigint,
  random: SeededRandom,
): bigint {
  const last = Math.max(1, Number(baseFeePerGas))
  const step = pull * (ln(homeWei) - ln(last)) + deviation * random.gauss()
  const bounded = Math.max(-mostStep, Math.min(mostStep, step))
  const next = last * exp(bounded)
  // Up by a wei at least, as the protocol does; down never to nothing.
  return BigInt(Math.max(1, bounded > 0 ? Math.ceil(next) : Math.floor(next)))
}
