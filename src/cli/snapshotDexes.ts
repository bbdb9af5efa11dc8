import { dexesOf } from '../adapters/dexes/index.ts'
import { parseAddress } from '../core/address.ts'
import type { Dex } from '../market/dex.ts'
import { UsageError } from './errors.ts'

/** A DEX of the command line: it is in no list of a chain. */
export type GivenDex = Omit<Dex, 'chainId'>

/**
 * The DEXes that were named, of the chain's list and of those given beside it;
 * all of them where none is named.
 * @throws UsageError
 */
export function chosenDexes(
  chainId: number,
  names: readonly string[] | undefined,
  given: readonly GivenDex[],
): readonly Dex[] {
  const known = new Map<string, Dex>()
  for (const dex of dexesOf(chainId)) known.set(dex.name, dex)
  for (const dex of given) known.set(dex.name, { chainId, ...dex })
  if (known.size === 0)
    throw new UsageError(`no DEX of chain ${chainId} is known`, {
      hint: 'give one: --add-dex NAME,PROTOCOL,ADDRESS[,FEE_PIPS]',
    })
  return (names ?? [...known.keys()]).map((name) => {
    const dex = known.get(name)
    if (!dex)
      throw new UsageError(`no DEX of chain ${chainId} is called ${name}`, {
        hint: `known: ${[...known.keys()].join(', ')}`,
      })
    return dex
  })
}

/** Reads `NAME,PROTOCOL,ADDRESS[,FEE_PIPS]`; may be given several times. */
export function givenDex(
  text: string,
  before: readonly GivenDex[] = [],
): readonly GivenDex[] {
  const [name, protocol, address, fee, ...rest] = text.split(',')
  const isFee = fee === undefined || /^\d{1,6}$/.test(fee)
  if (!name || !protocol || !address || !isFee || rest.length > 0)
    throw new UsageError(
      `--add-dex is not NAME,PROTOCOL,ADDRESS[,FEE_PIPS]: ${text}`,
    )
  return [
    ...before,
    {
      name,
      protocol,
      address: parseAddress(address),
      ...(fee !== undefined && { feePips: Number(fee) }),
      verified: false,
      source: 'the command line',
    },
  ]
}
