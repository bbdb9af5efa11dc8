/** A small good market file, line by line, and what can be wrong with one. */

const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'

const good = [
  '{"type":"market","version":1,"chainId":1,"blockNumber":7,"source":"test","extra":[1,2.5]}',
  `{"type":"token","address":"${weth}","symbol":"WETH","decimals":18}`,
  `{"type":"token","address":"${usdc}","symbol":"USDC","decimals":6}`,
  `{"type":"pool","dex":"uniswap-v2","family":"constantProduct","address":"${poolAddress(1)}","tokens":["${usdc}","${weth}"],"feePips":3000,"reserves":["1000","2000"],"blockNumber":6}`,
  `{"type":"pool","dex":"uniswap-v3","family":"concentrated","address":"${poolAddress(2)}","tokens":["${usdc}","${weth}"],"feePips":3000,"tickSpacing":60,"sqrtPriceX96":"79228162514264337593543950336","tick":0,"liquidity":"5","ticks":[[-60,"5"],[60,"-5"]]}`,
  `{"type":"pool","dex":"aerodrome-v2","family":"solidlyStable","address":"${poolAddress(3)}","tokens":["${usdc}","${weth}"],"feePips":500,"reserves":["1000","2000"]}`,
  `{"type":"pool","dex":"aerodrome-v2","family":"solidlyVolatile","address":"0x${'ab'.repeat(32)}","tokens":["${usdc}","${weth.toLowerCase()}"],"feePips":3000,"reserves":["1000","2000"]}`,
] as const

/** The good file, or one with a line (from 1) changed. */
export function marketText(
  line?: number,
  change: (row: string) => string = (row) => row,
): string {
  return good
    .map((row, i) => `${i + 1 === line ? change(row) : row}\n`)
    .join('')
}

type BadMarket = {
  readonly name: string
  readonly text: string
  readonly line: number
  readonly message: RegExp
}

/** One case for each rule of the format. */
export const badMarkets: readonly BadMarket[] = [
  bad('malformed JSON', 3, (row) => row.slice(0, -2), /malformed JSON/),
  bad('an array', 3, () => '[1,2]', /not a JSON object/),
  bad('unknown type', 3, replace('"token"', '"coin"'), /unknown type "coin"/),
  bad(
    'unknown family',
    4,
    replace('constantProduct', 'cubic'),
    /unknown family "cubic" \(known families: constantProduct, solidlyVolatile, solidlyStable, concentrated, weighted, stable\)/,
  ),
  bad(
    'no family',
    4,
    replace('"family":"constantProduct",', ''),
    /unknown family undefined/,
  ),
  bad(
    'a family of Object',
    4,
    replace('constantProduct', 'toString'),
    /unknown family "toString"/,
  ),
  bad(
    'a field that no pool has',
    4,
    replace('"feePips"', '"fee":30,"feePips"'),
    /unknown field "fee" in a constantProduct pool \(known fields: type, dex, family, address, tokens, blockNumber, feePips, reserves\)/,
  ),
  bad(
    'a field of another family',
    4,
    replace('"feePips"', '"tickSpacing":60,"feePips"'),
    /unknown field "tickSpacing" in a constantProduct pool/,
  ),
  bad(
    'decimals of a volatile pool that are none',
    7,
    replace('"feePips"', '"decimals":"18","feePips"'),
    /decimals is no list of two: "18"/,
  ),
  bad(
    'a field of Object',
    5,
    replace('"feePips"', '"constructor":1,"feePips"'),
    /unknown field "constructor" in a concentrated pool \(known fields: type, dex, family, address, tokens, blockNumber, feePips, tickSpacing, sqrtPriceX96, tick, liquidity, ticks, knownTicks, tickSearch\)/,
  ),
  bad(
    'wrong checksum of a token',
    2,
    replace('0xC02a', '0xc02a'),
    /wrong checksum/,
  ),
  bad(
    'wrong checksum of a pool',
    4,
    replace(poolAddress(1), weth.replace('0xC', '0xc')),
    /wrong checksum/,
  ),
  bad(
    'wrong checksum in a pool’s tokens',
    5,
    replace(usdc, usdc.replace('0xA', '0xa')),
    /wrong checksum/,
  ),
  bad('no address', 4, replace(poolAddress(1), '0x12'), /not an address/),
  bad(
    'a big integer as a number',
    4,
    replace('"1000"', '9007199254740993'),
    /: reserves\[0\] is a JSON number beyond 2\^53/,
  ),
  bad(
    'a big negative integer as a number',
    5,
    replace('"-5"', '-9007199254740993'),
    /: ticks\[1\]\[1\] is a JSON number beyond 2\^53/,
  ),
  bad(
    'a big integer in a field nobody reads',
    4,
    replace('"blockNumber"', '"extra":123456789012345678901,"blockNumber"'),
    /extra is a JSON number beyond 2\^53/,
  ),
  bad(
    'a big integer with an exponent',
    4,
    replace('"1000"', '1e30'),
    /beyond 2\^53/,
  ),
  bad(
    'a big integer in the header',
    1,
    replace('2.5', '18446744073709551616'),
    /: extra\[1\] is a JSON number beyond 2\^53/,
  ),
  bad(
    'a fraction',
    4,
    replace('"1000"', '1000.5'),
    /reserves\[0\] is no integer/,
  ),
  bad(
    'no digits',
    4,
    replace('"1000"', '"0x10"'),
    /reserves\[0\] is no integer: "0x10"/,
  ),
  bad(
    'reserves missing',
    4,
    replace('"reserves":["1000","2000"],', ''),
    /reserves is no list of two: missing/,
  ),
  bad(
    'duplicate pool',
    6,
    replace(poolAddress(3), poolAddress(1)),
    /duplicate pool 0x/,
  ),
  bad(
    'duplicate token with other data',
    3,
    () => good[1].replace(':18', ':8'),
    /duplicate token 0xC02a\S+ with other data/,
  ),
  bad(
    'unknown token',
    4,
    replace(usdc, poolAddress(9)),
    /the market has no token 0x/,
  ),
  bad(
    'a token below its pool',
    2,
    () => good[3],
    /the market has no token 0xA0b8/,
  ),
  bad('one token on both sides', 4, replace(usdc, weth), /a pool of one token/),
  bad(
    'tokens not in the order of their addresses',
    4,
    replace(`"${usdc}","${weth}"`, `"${weth}","${usdc}"`),
    /token0 is not below token1: 0xC02a\S+, 0xA0b8\S+ \(tokens are in the order of their addresses/,
  ),
  bad(
    'three tokens',
    4,
    replace(`"${weth}"]`, `"${weth}","${usdc}"]`),
    /tokens is no list of two addresses/,
  ),
  bad(
    'zero reserves',
    4,
    replace('"2000"', '"0"'),
    /zero reserves: reserves\[1\] is 0/,
  ),
  bad('negative reserves', 4, replace('"2000"', '"-1"'), /outside 1/),
  bad(
    'reserves of 2^256',
    4,
    replace('"2000"', `"${2n ** 256n}"`),
    /outside 1 … 2\^256 - 1/,
  ),
  bad(
    'fee of the whole',
    4,
    replace('3000', '1000000'),
    /feePips is outside 0 … 999999/,
  ),
  bad(
    'fraction of a pip',
    4,
    replace('3000', '3000.5'),
    /feePips is no integer/,
  ),
  bad(
    'decimals over 77',
    3,
    replace(':6', ':78'),
    /decimals is outside 0 … 77: 78/,
  ),
  bad(
    'decimals of a curve over 77',
    6,
    replace('"feePips"', '"decimals":[6,78],"feePips"'),
    /decimals\[1\] is outside 0 … 77: 78/,
  ),
  bad(
    'decimals that are not the token’s',
    6,
    replace('"feePips"', '"decimals":[8,18],"feePips"'),
    /not those of the tokens: 6, 18/,
  ),
  bad(
    'symbol missing',
    3,
    replace('"symbol":"USDC",', ''),
    /symbol is no text/,
  ),
  bad(
    'dex missing',
    4,
    replace('"dex":"uniswap-v2",', ''),
    /dex is no short name/,
  ),
  bad(
    'dex with an escape sequence',
    4,
    replace('uniswap-v2', '\\u001b[31m'),
    /dex is no short name/,
  ),
  bad(
    'an initialised tick outside the range',
    5,
    replace('60,"-5"', '887280,"-5"'),
    /tick is outside the range -887272 … 887272: 887280/,
  ),
  bad(
    'the current tick outside the range',
    5,
    replace('"tick":0', '"tick":-887273'),
    /tick is outside the range/,
  ),
  bad(
    'known ticks outside the range',
    5,
    replace('"tick":0', '"tick":0,"knownTicks":[-887273,0]'),
    /knownTicks\[0\] is outside the range/,
  ),
  bad(
    'a tick outside the known ones',
    5,
    replace('"tick":0', '"tick":0,"knownTicks":[-60,59]'),
    /tick 60 is outside knownTicks -60 … 59/,
  ),
  bad(
    'the current tick outside the known ones',
    5,
    replace('"tick":0', '"tick":0,"knownTicks":[1,60]'),
    /tick 0 is outside knownTicks/,
  ),
  bad(
    'a tick beside the spacing',
    5,
    replace('-60,', '-59,'),
    /tick -59 is no multiple of tickSpacing 60/,
  ),
  bad(
    'ticks not rising',
    5,
    replace('[60,', '[-60,'),
    /ticks are not rising: -60 after -60/,
  ),
  bad(
    'a tick that is not the price’s',
    5,
    replace('"tick":0', '"tick":1'),
    /tick 1 is not the tick of sqrtPriceX96/,
  ),
  bad(
    'a tick two below the price’s',
    5,
    replace('"tick":0', '"tick":-2'),
    /tick -2 is not the tick/,
  ),
  bad(
    'a price below the scale',
    5,
    replace('79228162514264337593543950336', '4295128738'),
    /outside the price scale/,
  ),
  bad(
    'a price at the scale’s end',
    5,
    replace(
      '79228162514264337593543950336',
      '1461446703485210103287273052203988822378723970342',
    ),
    /outside the price scale/,
  ),
  bad(
    'liquidity of 2^128',
    5,
    replace('"liquidity":"5"', `"liquidity":"${2n ** 128n}"`),
    /liquidity is outside/,
  ),
  bad(
    'liquidityNet beyond int128',
    5,
    replace('"-5"', `"${2n ** 127n}"`),
    /does not fit int128/,
  ),
  bad(
    'tickSpacing of 0',
    5,
    replace('"tickSpacing":60', '"tickSpacing":0'),
    /tickSpacing is outside/,
  ),
  bad(
    'a tick without liquidityNet',
    5,
    replace('[60,"-5"]', '[60]'),
    /ticks\[1\] is no \[tick, liquidityNet\]/,
  ),
  bad('missing header', 1, () => good[1], /the header is missing/),
  bad(
    'a quotes file',
    1,
    replace('"market"', '"quotes"'),
    /must be of type "market", not "quotes"/,
  ),
  bad(
    'unsupported version',
    1,
    replace('"version":1', '"version":2'),
    /unsupported version 2/,
  ),
  bad(
    'chainId as text',
    1,
    replace('"chainId":1', '"chainId":"1"'),
    /chainId is no whole number: "1"/,
  ),
  bad(
    'a wrapped coin that is no token',
    1,
    replace('"extra"', `"wrappedNative":"${poolAddress(9)}","extra"`),
    /wrappedNative/,
  ),
  bad('a second header', 4, () => good[0], /a second header/),
  { name: 'empty file', text: '', line: 1, message: /the file is empty/ },
  {
    name: 'blank lines only',
    text: '\n\n',
    line: 1,
    message: /the file is empty/,
  },
]

function bad(
  name: string,
  line: number,
  change: (row: string) => string,
  message: RegExp,
): BadMarket {
  const text = marketText(line, change)
  if (text === marketText()) throw new Error(`${name}: nothing was changed`)
  return { name, text, line, message }
}

function replace(from: string, to: string): (row: string) => string {
  return (row) => row.replace(from, to)
}

function poolAddress(n: number): string {
  return `0x${String(n).repeat(40)}`
}
