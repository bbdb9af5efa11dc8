import { type EngineBase, type EngineScanOptions, maxBases } from './engine.ts'
import { ScanOptionError } from './errors.ts'

/**
 * The base tokens of a search, each once.
 * @throws ScanOptionError where the search asks for what no engine can do.
 */
export function basesOf(
  { bases, maxHops, limit }: EngineScanOptions,
  tokenCount: number,
): readonly EngineBase[] {
  if (maxHops !== 2 && maxHops !== 3 && maxHops !== 4)
    throw new ScanOptionError(`maxHops is not 2, 3 or 4: ${maxHops}`)
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new ScanOptionError(`limit is no whole number: ${limit}`)
  for (const { token } of bases)
    if (!Number.isInteger(token) || token < 0 || token >= tokenCount)
      throw new ScanOptionError(
        `the graph has no token ${token} to search from`,
        { facts: { token, tokenCount } },
      )
  const distinct = bases.filter(
    ({ token }, i) => bases.findIndex((base) => base.token === token) === i,
  )
  if (distinct.length > maxBases)
    throw new ScanOptionError(
      `a scan takes at most ${maxBases} base tokens, not ${distinct.length}`,
      { facts: { bases: distinct.length } },
    )
  return distinct
}
