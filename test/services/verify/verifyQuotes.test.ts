import { describe, expect, it } from 'vitest'
import { createReferenceEngine } from '../../../src/engine/reference/engine.ts'
import {
  type QuotesFile,
  type RecordedQuote,
  readQuotesFile,
} from '../../../src/market/quotesFile.ts'
import { verifyQuotes } from '../../../src/services/verify/verifyQuotes.ts'
import { dataFile, dataMissing } from '../../support/data.ts'

const token0 = '0x0000000000000000000000000000000000000001'
const token1 = '0x0000000000000000000000000000000000000002'

describe('verifyQuotes', () => {
  it('default: counts the equal ones and lists the others', () => {
    const quotes = [
      quote('exactIn', 1000n, 1992n),
      quote('exactIn', 1000n, 1993n),
      quote('exactOut', 1992n, 1000n),
      quote('exactOut', 1992n, 999n),
      quote('exactIn', 0n, 'reverts'),
      quote('exactIn', 1000n, 'reverts'),
      quote('exactIn', 0n, 5n),
      quote('exactIn', 1000n, 'timedOut'),
    ]
    const found = verifyQuotes(createReferenceEngine(), file(quotes))
    expect(found).toMatchObject({ equal: 3, total: 7, unanswered: 1 })
    expect(
      found.differences.map(({ recorded, computed }) => [recorded, computed]),
    ).toEqual([
      [quotes[1], 1992n],
      [quotes[3], 1000n],
      [quotes[5], 1992n],
      [quotes[6], null],
    ])
  })

  it.for([
    ['aerodrome-slipstream-cbeth-weth', 11],
    ['aerodrome-v2-stable-dola-usdbc', 9],
    ['aerodrome-v2-volatile-tbtc-weth', 8],
    ['pancakeswap-v2-weth-usdbc', 11],
    ['uniswap-v3-wbtc-weth', 34],
    ['uniswap-v4-eth-usdc', 46],
  ] as const)('recorded on chain: %s', async ([name, total], { skip }) => {
    const path = dataFile(`quotes/${name}.jsonl.gz`) ?? skip(dataMissing)
    const quotes = await readQuotesFile(path)
    expect(verifyQuotes(createReferenceEngine(), quotes)).toMatchObject({
      equal: total,
      total,
      differences: [],
    })
  })
})

function file(quotes: readonly RecordedQuote[]): QuotesFile {
  return {
    chainId: 1,
    blockNumber: 1,
    pools: [
      {
        address: token0,
        dex: 'uniswap-v2',
        tokens: [token0, token1],
        family: 'constantProduct',
        feePips: 3000,
        reserves: [1_000_000n, 2_000_000n],
      },
    ],
    quotes,
  }
}

function quote(
  kind: RecordedQuote['kind'],
  amount: bigint,
  answer: RecordedQuote['answer'],
): RecordedQuote {
  return {
    line: 1,
    poolIndex: 0,
    tokenIn: token0,
    tokenOut: token1,
    zeroForOne: true,
    kind,
    amount,
    answer,
  }
}
