import type { Engine, SwapQuote } from '../../engine/engine.ts'
import { SwapRevertsError } from '../../engine/errors.ts'
import type { Pool } from '../../market/pool.ts'
import type { QuotesFile, RecordedQuote } from '../../market/quotesFile.ts'
import { engineState } from '../engineGraph.ts'
import { poolExactIn, poolExactOut } from '../poolQuote.ts'

/** How many recorded answers of contracts came out equal, and which did not. */
export type Verification = {
  readonly equal: number
  readonly total: number
  /** Recorded calls that timed out: nothing to compare with, not in the total. */
  readonly unanswered: number
  readonly differences: readonly QuoteDifference[]
}

/** A recorded answer that came out otherwise. */
export type QuoteDifference = {
  readonly recorded: RecordedQuote
  readonly pool: Pool
  /** What the engine answers, in base units; null where it says the contract reverts or cannot fill the amount. */
  readonly computed: bigint | null
}

/**
 * Recomputes every recorded quote and compares it to the last wei. A recorded
 * revert is equal where the engine's quote reverts, or does not fill the amount:
 * quoters refuse partial fills. Loads the file's pools in place of what the
 * engine held.
 *
 * @throws EngineCapacityError where the pools do not fit the engine's memory.
 * @example
 * const file = await readQuotesFile('quotes.jsonl.gz')
 * const { equal, total } = verifyQuotes(await createEngine(), file)
 */
export function verifyQuotes(engine: Engine, file: QuotesFile): Verification {
  const indices = new Map<string, number>()
  const indexOf = (token: string): number => {
    const index = indices.get(token) ?? indices.size
    indices.set(token, index)
    return index
  }
  const pools = file.pools.map((pool) => ({
    tokens: [indexOf(pool.tokens[0]), indexOf(pool.tokens[1])] as const,
    state: engineState(pool),
  }))
  engine.load({ tokenCount: indices.size, pools })

  const differences: QuoteDifference[] = []
  const answered = file.quotes.filter(({ answer }) => answer !== 'timedOut')
  for (const recorded of answered) {
    const pool = file.pools[recorded.poolIndex]!
    const quote = requote(engine, recorded, pool)
    if (!isEqual(recorded, quote))
      differences.push({
        recorded,
        pool,
        computed: quote && answerOf(recorded, quote),
      })
  }
  const total = answered.length
  return {
    equal: total - differences.length,
    total,
    unanswered: file.quotes.length - total,
    differences,
  }
}

function requote(
  engine: Engine,
  { kind, poolIndex, zeroForOne, amount }: RecordedQuote,
  pool: Pool,
): SwapQuote | null {
  try {
    return kind === 'exactIn'
      ? poolExactIn(engine, poolIndex, pool, zeroForOne, amount)
      : poolExactOut(engine, poolIndex, pool, zeroForOne, amount)
  } catch (error) {
    if (error instanceof SwapRevertsError) return null
    throw error
  }
}

function isEqual(recorded: RecordedQuote, quote: SwapQuote | null): boolean {
  if (recorded.answer === 'reverts')
    return quote === null || quote.end !== 'filled'
  return quote !== null && answerOf(recorded, quote) === recorded.answer
}

function answerOf(recorded: RecordedQuote, quote: SwapQuote): bigint {
  return recorded.kind === 'exactIn' ? quote.amountOut : quote.amountIn
}
