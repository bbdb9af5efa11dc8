import type { DexProtocol } from '../../../market/dex.ts'
import { v3Protocol } from '../v3Protocol.ts'

/** Uniswap V3 and its forks. */
export const uniswapV3: DexProtocol = v3Protocol({ name: 'uniswap-v3' })
