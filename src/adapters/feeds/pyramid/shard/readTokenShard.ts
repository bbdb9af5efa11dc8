import type { Hex } from '../../../../core/hex.ts'
import type { Token } from '../../../../market/token.ts'
import type { LeftOut } from '../found.ts'
import type { CallReader } from '../lane/callReader.ts'
import type { FetchWork } from './fetchWork.ts'
import { readTokens } from './tokens.ts'

/** Some tokens of a chain. */
export type TokenShard = {
  readonly chainId: number
  /** Which of the shards this is. */
  readonly place: number
  readonly addresses: readonly Hex[]
}

/** What a shard's tokens tell of themselves, read once and kept in the journal. */
export async function readTokenShard(
  work: FetchWork,
  reader: CallReader,
  { chainId, place, addresses }: TokenShard,
): Promise<readonly Token[]> {
  const entry = await work.once('tokens', '', place, async () => {
    const tokens: Token[] = []
    const leftOut: LeftOut[] = []
    const readings = await readTokens(reader, chainId, addresses)
    for (const [i, reading] of readings.entries())
      if ('reason' in reading)
        leftOut.push({ token: addresses[i]!, reason: reading.reason })
      else tokens.push(reading)
    return { type: 'tokens', shard: place, tokens, leftOut }
  })
  return entry.tokens
}
