import type { DexProtocol } from '../../../market/dex.ts'
import { v3Protocol } from '../v3Protocol.ts'

/**
 * Slipstream: Aerodrome's and Velodrome's pools of Uniswap V3's kind. The fee
 * lies with the factory's fee module and changes without a log of the pool: it
 * is read with the pool.
 */
export const slipstream: DexProtocol = v3Protocol({ name: 'slipstream' })
