import type { Dex, DexProtocol } from '../../market/dex.ts'
import type { Pool } from '../../market/pool.ts'
import { AdapterUnknownError } from '../adapterUnknown.ts'
import { arbitrum } from './chains/arbitrum.ts'
import { base } from './chains/base.ts'
import { bsc } from './chains/bsc.ts'
import { ethereum } from './chains/ethereum.ts'
import { optimism } from './chains/optimism.ts'
import { polygon } from './chains/polygon.ts'
import { algebraIntegral } from './protocols/algebraIntegral.ts'
import { algebraV1 } from './protocols/algebraV1.ts'
import { balancerV2 } from './protocols/balancerV2.ts'
import { pancakeSwapV3 } from './protocols/pancakeSwapV3.ts'
import { slipstream } from './protocols/slipstream.ts'
import { solidly } from './protocols/solidly.ts'
import { uniswapV2 } from './protocols/uniswapV2.ts'
import { uniswapV3 } from './protocols/uniswapV3.ts'
import { uniswapV4 } from './protocols/uniswapV4.ts'

/** Kinds of DEX that the executor can trade. One file and one line each. */
export const dexProtocols: readonly DexProtocol[] = [
  uniswapV2,
  solidly,
  uniswapV3,
  pancakeSwapV3,
  algebraV1,
  algebraIntegral,
  slipstream,
  uniswapV4,
  balancerV2,
]

/**
 * The DEXes of six chains whose protocol is one of {@link dexProtocols}.
 *
 * Not listed are those of curves APEX does not have (Curve and its Solidity
 * ports, DODO, KyberSwap, Wombat, WOOFi, Carbon, Liquidity Book, PancakeSwap
 * Infinity, Fraxswap), those with a fee for each direction (Camelot V2 and V3,
 * Zyberswap V3) or from a formula of their own (DeltaSwap), and forks nobody
 * has compared with their origin (Solidly V3, Retro, Ramses CL, Equalizer CL,
 * 9mm V3, SquadSwap V3, Horiza, BabyDoge Algebra).
 */
export const dexes: readonly Dex[] = [
  ...ethereum,
  ...polygon,
  ...arbitrum,
  ...optimism,
  ...base,
  ...bsc,
]

const protocolsByName = new Map(
  dexProtocols.map((protocol) => [protocol.name, protocol]),
)

/** The DEXes of a chain; none where the chain is not known here. */
export function dexesOf(chainId: number): readonly Dex[] {
  return dexes.filter((dex) => dex.chainId === chainId)
}

/**
 * The protocol of this name, as a DEX names it.
 * @throws AdapterUnknownError
 */
export function dexProtocol(name: string): DexProtocol {
  const protocol = protocolsByName.get(name)
  if (!protocol)
    throw new AdapterUnknownError('protocol', name, [...protocolsByName.keys()])
  return protocol
}

/** The DEX a pool belongs to, of these; undefined where it is none of them. */
export function findDex(
  dexes: readonly Dex[],
  pool: Pick<Pool, 'dex'>,
): Dex | undefined {
  return dexes.find(({ name }) => name === pool.dex)
}

export { createBlockDecoder } from './createBlockDecoder.ts'
export { readBlockLogs } from './readBlockLogs.ts'
