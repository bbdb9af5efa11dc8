import { describe, expect, it } from 'vitest'
import { MarketFileError } from '../../src/market/errors.ts'
import { parseQuotesLines } from '../../src/market/quotesFile.ts'

const token0 = '0x4200000000000000000000000000000000000006'
const token1 = '0xd9aAEc86B65D86f6A7B5B1b0c42FFA531710b6CA'
const pool = '0x92363F9817f92a7ae0592A4cb29959A88d885cc8'
const good = [
  '{"type":"quotes","version":1,"chainId":8453,"blockNumber":3,"source":"test"}',
  `{"type":"pool","dex":"pancakeswap-v2","family":"constantProduct","address":"${pool}","tokens":["${token0}","${token1}"],"feePips":2500,"reserves":["1000","2000"]}`,
  `{"type":"quote","pool":"${pool}","tokenIn":"${token0}","tokenOut":"${token1}","kind":"exactIn","amountIn":"10","amountOut":"19"}`,
  `{"type":"quote","pool":"${pool}","tokenIn":"${token1}","tokenOut":"${token0}","kind":"exactOut","amountOut":"4","amountIn":"9"}`,
  `{"type":"quote","pool":"${pool}","tokenIn":"${token1}","tokenOut":"${token0}","kind":"exactIn","amountIn":"5","reverts":true,"why":"K"}`,
  `{"type":"quote","pool":"${pool}","tokenIn":"${token1}","tokenOut":"${token0}","kind":"exactIn","amountIn":"5","reverts":true,"why":"{'exception': 'Timeout'}"}`,
]

describe('parseQuotesLines', () => {
  it('default: reads pools and quotes', async () => {
    const file = await parseQuotesLines(text(good), 'quotes.jsonl')
    expect(file).toMatchObject({ chainId: 8453, blockNumber: 3 })
    expect(file.pools).toHaveLength(1)
    expect(
      file.quotes.map(({ line, kind, zeroForOne, amount, answer }) => [
        line,
        kind,
        zeroForOne,
        amount,
        answer,
      ]),
    ).toEqual([
      [3, 'exactIn', true, 10n, 19n],
      [4, 'exactOut', false, 4n, 9n],
      [5, 'exactIn', false, 5n, 'reverts'],
      [6, 'exactIn', false, 5n, 'timedOut'],
    ])
  })

  it.each([
    ['a market file', 1, '"quotes"', '"market"', /must be of type "quotes"/],
    ['an unknown pool', 3, pool, token0, /no pool row above/],
    [
      'a token twice',
      3,
      `"tokenOut":"${token1}"`,
      `"tokenOut":"${token0}"`,
      /does not trade/,
    ],
    ['a strange token', 3, token1, pool, /does not trade/],
    ['a wrong checksum', 3, '0xd9aA', '0xD9aA', /wrong checksum/],
    ['an unknown kind', 3, 'exactIn', 'exact', /neither exactIn nor exactOut/],
    ['a rounded amount', 3, '"10"', '9007199254740993', /beyond 2\^53/],
    ['a negative amount', 3, '"10"', '"-1"', /amountIn is outside 0 … 2\^256 /],
    [
      'an amount of 2^256',
      4,
      '"4"',
      `"${2n ** 256n}"`,
      /amountOut is outside 0 … 2\^256 - 1: 1157/,
    ],
    ['a negative answer', 4, '"9"', '"-9"', /amountIn is outside .*: -9$/],
    [
      'an answer of 2^256',
      3,
      '"19"',
      `"${2n ** 256n}"`,
      /amountOut is outside/,
    ],
    [
      'a negative amount of a call that reverts',
      5,
      '"5"',
      '"-5"',
      /amountIn is outside/,
    ],
    ['no answer', 3, ',"amountOut":"19"', '', /amountOut is no integer/],
    [
      'a stable pool without decimals',
      2,
      'constantProduct',
      'solidlyStable',
      /decimals are missing/,
    ],
    [
      'an unknown field of a pool',
      2,
      '"feePips"',
      '"swapFee":1,"feePips"',
      /unknown field "swapFee" in a constantProduct pool \(known fields: type, /,
    ],
    [
      'a pool of one token',
      2,
      `["${token0}","${token1}"]`,
      `["${token0}","${token0}"]`,
      /a pool of one token/,
    ],
    [
      'tokens not in the order of their addresses',
      2,
      `["${token0}","${token1}"]`,
      `["${token1}","${token0}"]`,
      /token0 is not below token1: 0xd9aA/,
    ],
    ['zero reserves', 2, '"1000"', '"0"', /zero reserves/],
    ['a token row', 3, '"quote"', '"token"', /unknown type "token"/],
  ])('error: %s', async (_, line, from, to, message) => {
    const lines = good.map((row, i) =>
      i + 1 === line ? row.replace(from, to) : row,
    )
    const error = await parseQuotesLines(text(lines), 'q').catch((e) => e)
    expect(error).toBeInstanceOf(MarketFileError)
    expect(error.message).toMatch(message)
    expect(error.facts).toMatchObject({ file: 'q', line })
  })

  it('behavior: takes amounts from 0 to 2^256 - 1', async () => {
    const most = 2n ** 256n - 1n
    const lines = good.map((row) =>
      row.replace('"10"', `"${most}"`).replace('"19"', '"0"'),
    )
    const { quotes } = await parseQuotesLines(text(lines), 'q')
    expect(quotes[0]).toMatchObject({ amount: most, answer: 0n })
  })

  it('error: duplicate pool, empty file', async () => {
    await expect(
      parseQuotesLines(text([...good.slice(0, 2), good[1]!]), 'q'),
    ).rejects.toThrow(/^q:3: duplicate pool/)
    await expect(parseQuotesLines(text([]), 'q')).rejects.toThrow('empty')
  })
})

async function* text(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield `${line}\n`
}
