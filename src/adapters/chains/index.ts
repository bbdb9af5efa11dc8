import type { Chain } from '../../market/chain.ts'
import { AdapterUnknownError } from '../adapterUnknown.ts'
import { arbitrum } from './arbitrum.ts'
import { base } from './base.ts'
import { bsc } from './bsc.ts'
import { ethereum } from './ethereum.ts'
import { local } from './local.ts'
import { optimism } from './optimism.ts'
import { polygon } from './polygon.ts'

/** The chains that are known. One file and one line each. */
export const chains: readonly Chain[] = [
  ethereum,
  polygon,
  arbitrum,
  optimism,
  base,
  bsc,
  local,
]

/**
 * The chain of this name.
 * @throws AdapterUnknownError
 * @example
 * chainNamed('base').chainId // 8453
 */
export function chainNamed(name: string): Chain {
  const chain = chains.find((known) => known.name === name)
  if (!chain)
    throw new AdapterUnknownError(
      'chain',
      name,
      chains.map((known) => known.name),
    )
  return chain
}

/** The chain of this id; undefined where it is not known here. */
export function chainOf(chainId: number): Chain | undefined {
  return chains.find((known) => known.chainId === chainId)
}

export { checkChain } from './checkChain.ts'
