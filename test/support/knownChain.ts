import { chainNamed } from '../../src/adapters/chains/index.ts'
import { dexesOf } from '../../src/adapters/dexes/index.ts'
import type { Hex } from '../../src/core/hex.ts'
import { keccakHex } from '../../src/core/keccak.ts'
import type { Dex } from '../../src/market/dex.ts'
import { createWorld } from '../../src/programs/simulate/world/createWorld.ts'
import type {
  World,
  WorldOptions,
} from '../../src/programs/simulate/world/world.ts'
import { word } from './abi.ts'
import { marketOfPools } from './traps.ts'

/** Where UniswapV2Factory keeps the length of its list. */
const allPairsSlot = 3n

/** A chain that APEX knows by name, as far as its configuration needs it. */
export type KnownChain = {
  readonly world: World
  /** The DEX whose factory lies where it does on the real chain. */
  readonly dex: Dex
}

/** Puts pairs of WETH with these tokens, a factory that lists them and Multicall3 where they lie on the real chain. */
export async function createKnownChain(
  name: string,
  chain: WorldOptions['chain'],
  tokens: readonly string[],
): Promise<KnownChain> {
  const { chainId, multicall } = chainNamed(name)
  const dex = dexesOf(chainId).find(
    ({ protocol }) => protocol === 'uniswap-v2',
  )!
  const pools = tokens.map((token) => ({
    dex: 'uniswap-v2' as const,
    tokens: ['WETH', token] as const,
  }))
  const world = await createWorld({
    chain,
    market: marketOfPools(pools, chainId),
    lenders: [],
  })
  const copyCode = async (from: Hex, to: Hex): Promise<void> => {
    const code = await chain.request('eth_getCode', [from, 'latest'])
    await chain.request('hardhat_setCode', [to, code])
  }
  const [deployed] = world.dexes
  await copyCode(world.multicall3, multicall)
  await copyCode(deployed!.address, dex.address)
  const slot = (place: bigint): Hex => `0x${word(place)}`
  const list = BigInt(keccakHex(slot(allPairsSlot)))
  for (let i = 0n; i <= BigInt(pools.length); i++) {
    const at = i === 0n ? allPairsSlot : list + i - 1n
    const value = await chain.request('eth_getStorageAt', [
      deployed!.address,
      slot(at),
      'latest',
    ])
    await chain.request('hardhat_setStorageAt', [
      dex.address,
      // Leading zeros are refused.
      `0x${at.toString(16)}`,
      value,
    ])
  }
  return { world, dex }
}
