import type { DexProtocol } from '../../../market/dex.ts'
import { v3Protocol } from '../v3Protocol.ts'

/** PancakeSwap V3: its Swap event tells the protocol's fees too. */
export const pancakeSwapV3: DexProtocol = v3Protocol({
  name: 'pancakeswap-v3',
  swapEvent:
    'Swap(address,address,int256,int256,uint160,uint128,int24,uint128,uint128)',
})
