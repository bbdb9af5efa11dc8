import type { DexProtocol } from '../../../market/dex.ts'
import { v3Protocol } from '../v3Protocol.ts'

/**
 * Algebra Integral: QuickSwap V4, Thena, Camelot. Its ticks are a list
 * (`tickSearch`). Exact where the pool has no plugin that sets a fee swap by
 * swap; a plugin's fee is known when the pool is read.
 */
export const algebraIntegral: DexProtocol = v3Protocol({
  name: 'algebra-integral',
  hasFeeEvents: true,
})
