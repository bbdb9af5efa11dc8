import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/index.ts'
import {
  type QuotesFile,
  type RecordedQuote,
  readQuotesFile,
} from '../../src/market/index.ts'
import { engineState } from '../../src/services/engineGraph.ts'
import { outcome } from '../support/compare.ts'
import { dataFile, dataMissing } from '../support/data.ts'
import { engineMakers } from '../support/engines.ts'

/** Recorded files and how many answers of the chain each holds. */
const files: readonly (readonly [string, number])[] = [
  ['aerodrome-slipstream-cbeth-weth', 11],
  ['aerodrome-v2-stable-dola-usdbc', 9],
  ['aerodrome-v2-volatile-tbtc-weth', 8],
  ['pancakeswap-v2-weth-usdbc', 11],
  ['uniswap-v3-wbtc-weth', 34],
  ['uniswap-v4-eth-usdc', 46],
]

describe.each(engineMakers)('$name engine: recorded quotes', ({ create }) => {
  it.for(files)('%s: all %i answers equal', async ([name, answers], test) => {
    const path = dataFile(`quotes/${name}.jsonl.gz`)
    if (path === undefined) return test.skip(dataMissing)
    const file = await readQuotesFile(path)
    const engine = await create()
    load(engine, file)
    // A call that timed out has no answer to compare with.
    const answered = file.quotes.filter((quote) => quote.answer !== 'timedOut')
    expect(answered).toHaveLength(answers)
    expect(
      answered.map((quote) => ({
        line: quote.line,
        answer: answerOf(engine, quote),
      })),
    ).toEqual(answered.map(({ line, answer }) => ({ line, answer })))
  })
})

function load(engine: Engine, file: QuotesFile): void {
  engine.load({
    tokenCount: 2 * file.pools.length,
    pools: file.pools.map((pool, i) => ({
      tokens: [2 * i, 2 * i + 1],
      state: engineState(pool),
    })),
  })
}

/** Our answer in the recorder's words: a swap that the chain could not fill in full was recorded as a revert. */
function answerOf(
  engine: Engine,
  quote: RecordedQuote,
): RecordedQuote['answer'] {
  const { poolIndex, zeroForOne, kind, amount, answer } = quote
  const result = outcome(() =>
    kind === 'exactIn'
      ? engine.quoteExactIn(poolIndex, zeroForOne, amount)
      : engine.quoteExactOut(poolIndex, zeroForOne, amount),
  )
  if (result === 'reverts') return 'reverts'
  if (answer === 'reverts' && result.end !== 'filled') return 'reverts'
  return kind === 'exactIn' ? result.amountOut : result.amountIn
}
