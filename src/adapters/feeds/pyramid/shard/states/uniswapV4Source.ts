import type { Hex } from '../../../../../core/hex.ts'
import { keccakHex } from '../../../../../core/keccak.ts'
import { callOf, signed, word, wordAt } from '../../lane/words.ts'
import type { MakeTickSource } from './tickSource.ts'

/** StateLibrary.POOLS_SLOT, and where in a pool's state liquidity, ticks and bitmap stand. */
const poolsSlot = 6n
const liquidityOffset = 3n
const ticksOffset = 4n
const bitmapOffset = 5n
const bitsOfPrice = 160n
const bitsOfTick = 24n
const bitsOfFee = 24n

/**
 * Uniswap V4: the storage of the PoolManager, by `extsload`, as StateLibrary
 * reads it (Uniswap/v4-core src/libraries/StateLibrary.sol).
 */
export const uniswapV4Source: MakeTickSource = (dex, pool) => {
  const state = BigInt(keccakHex(`0x${word(pool.address)}${word(poolsSlot)}`))
  const load = (slot: bigint) =>
    callOf(dex.address, 'extsload(bytes32)', [slot])
  const entry = (key: number, offset: bigint): bigint =>
    BigInt(keccakHex(`0x${word(BigInt(key))}${word(state + offset)}` as Hex))
  return {
    headCalls: [load(state), load(state + liquidityOffset)],
    head([slot, liquidityAnswer]) {
      const packed = wordAt(slot, 0)
      const liquidity = wordAt(liquidityAnswer, 0)
      const { feePips, tickSpacing } = pool
      if (packed === undefined || liquidity === undefined)
        return 'the PoolManager does not tell its storage'
      if (feePips === undefined || tickSpacing === undefined)
        return 'the key of the pool is not known'
      const sqrtPriceX96 = BigInt.asUintN(Number(bitsOfPrice), packed)
      if (sqrtPriceX96 === 0n) return 'the pool has no price yet'
      const rest = packed >> bitsOfPrice
      const tick = Number(signed(rest, Number(bitsOfTick)))
      const fees = rest >> bitsOfTick
      const protocolFee = BigInt.asUintN(Number(bitsOfFee), fees)
      const lpFee = BigInt.asUintN(Number(bitsOfFee), fees >> bitsOfFee)
      if (protocolFee !== 0n || lpFee !== BigInt(feePips))
        return "its fee is not its key's"
      return {
        sqrtPriceX96,
        tick,
        liquidity: BigInt.asUintN(128, liquidity),
        feePips,
        tickSpacing,
        ticksPerBit: tickSpacing,
      }
    },
    bitmapCall: (at) => load(entry(at, bitmapOffset)),
    tickCall: (tick) => load(entry(tick, ticksOffset)),
    tickOf(answer) {
      const packed = wordAt(answer, 0)
      return packed === undefined
        ? undefined
        : {
            liquidityGross: BigInt.asUintN(128, packed),
            liquidityNet: signed(packed >> 128n, 128),
          }
    },
  }
}
