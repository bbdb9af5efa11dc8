import { exp, ln } from '../../core/portableMath.ts'
import type { SeededRandom } from '../../core/seededRandom.ts'

/** How fast the base fee returns home, a block. */
const pull = 0.02
const deviation = 0.04
/** EIP-1559: at most an eighth a block, up or down; a little less, as integers round. */
const mostStep = 0.117

/**
 * The next block's base fee: a walk round `home`. Simulated blocks are nearly
 * empty, and by the protocol's own rule gas would soon cost nothing.
 *
 * @param baseFeePerGas of the last block, in wei.
 * @param home what it returns to, in wei.
 */
export function drawBaseFee(
  baseFeePerGas: bigint,
  home: bigint,
  random: SeededRandom,
): bigint {
  const last = Math.max(1, Number(baseFeePerGas))
  const distance = ln(Math.max(1, Number(home))) - ln(last)
  const step = pull * distance + deviation * random.gauss()
  const bounded = Math.max(-mostStep, Math.min(mostStep, step))
  const next = last * exp(bounded)
  // Up by a wei at least, as the protocol does; down never to nothing.
  return BigInt(Math.max(1, bounded > 0 ? Math.ceil(next) : Math.floor(next)))
}
