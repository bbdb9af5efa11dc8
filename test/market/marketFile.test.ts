import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MarketFileError } from '../../src/market/errors.ts'
import { generateMarket } from '../../src/market/generate/generateMarket.ts'
import {
  marketLines,
  parseMarketLines,
  readMarketFile,
  writeMarketFile,
} from '../../src/market/marketFile.ts'
import { dataFile, dataMissing } from '../support/data.ts'
import { badMarkets, marketText } from '../support/marketRows.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apex-market-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('readMarketFile', () => {
  it('default: reads header, tokens and pools', async () => {
    const file = join(folder, 'good.jsonl')
    await writeFile(file, marketText())
    const market = await readMarketFile(file)
    expect(market).toMatchObject({
      chainId: 1,
      blockNumber: 7,
      notes: { source: 'test', extra: [1, 2.5] },
    })
    expect(market.wrappedNative?.symbol).toBe('WETH')
    expect(market.pools.map(({ family }) => family)).toEqual([
      'constantProduct',
      'concentrated',
      'solidlyStable',
      'solidlyVolatile',
    ])
    expect(market.pools[1]).toMatchObject({
      sqrtPriceX96: 79228162514264337593543950336n,
      ticks: [
        [-60, 5n],
        [60, -5n],
      ],
      knownTicks: [-887272, 887272],
    })
    expect(market.pools[2]).toMatchObject({ decimals: [6, 18] })
  })

  it.each(badMarkets)('error: $name', async ({ text, line, message }) => {
    const file = join(folder, 'bad.jsonl')
    await writeFile(file, text)
    const error = await readMarketFile(file).catch((fault: unknown) => fault)
    expect(error).toBeInstanceOf(MarketFileError)
    expect(error).toMatchObject({ code: 'MARKET_FILE', facts: { file, line } })
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message.startsWith(`${file}:${line}: `)).toBe(true)
    expect((error as Error).message).not.toContain('\n')
  })

  it('error: a truncated gzip, with the line it ends in', async () => {
    const file = join(folder, 'cut.jsonl.gz')
    const lines = [...marketLines(generateMarket({ pools: 300, tokens: 40 }))]
    const packed = gzipSync(`${lines.join('\n')}\n`)
    for (const kept of [packed.length - 4, packed.length >> 1]) {
      await writeFile(file, packed.subarray(0, kept))
      const whole = gunzipSync(packed.subarray(0, kept), {
        finishFlush: 2,
      }).toString()
      const line = whole.split('\n').length
      await expect(readMarketFile(file)).rejects.toThrow(
        `${file}:${line}: the gzip data ends too early: the file is truncated`,
      )
    }
  })

  it('error: damaged gzip', async () => {
    const file = join(folder, 'damaged.jsonl.gz')
    const packed = gzipSync(marketText())
    packed.fill(0xff, 20, 60)
    await writeFile(file, packed)
    await expect(readMarketFile(file)).rejects.toThrow(
      /:1: the gzip data is damaged/,
    )
  })

  it('error: not UTF-8', async () => {
    const file = join(folder, 'latin.jsonl')
    await writeFile(file, Buffer.from([0x7b, 0xff, 0x7d, 0x0a]))
    await expect(readMarketFile(file)).rejects.toThrow(/:1: not UTF-8 text/)
  })

  it('error: not UTF-8 after good lines, wherever a piece ends', async () => {
    const [head, token] = marketText().replace('WETH', 'W€TH').split('\n')
    const good = new TextEncoder().encode(`${head}\n${token}\n`)
    const bytes = new Uint8Array([...good, 0x7b, 0xff, 0x7d, 0x0a, 0x7b])
    // Its three bytes are e2 82 ac.
    const inEuro = good.indexOf(0xe2) + 1
    for (const size of [bytes.length, inEuro, 7, 1])
      await expect(
        parseMarketLines(pieces(bytes, size), 'latin.jsonl'),
      ).rejects.toThrow('latin.jsonl:3: not UTF-8 text')
  })
})

describe('parseMarketLines', () => {
  it('behavior: pieces of any size, blank lines and no last line end', async () => {
    const text = marketText().replaceAll('\n', '\n\n').trimEnd()
    const bytes = new TextEncoder().encode(text)
    const whole = await parseMarketLines(pieces(bytes, bytes.length), 'file')
    for (const size of [1, 7, 100])
      expect(
        (await parseMarketLines(pieces(bytes, size), 'file')).pools,
      ).toEqual(whole.pools)
    const packed = gzipSync(bytes)
    expect((await parseMarketLines(pieces(packed, 50), 'file')).pools).toEqual(
      whole.pools,
    )
  })

  it('behavior: a long number inside a text is no number', async () => {
    const text = marketText().replace(
      '"source":"test"',
      '"source":"a, 12345678901234567890 and [1e999"',
    )
    const market = await parseMarketLines(pieces(Buffer.from(text), 64), 'file')
    expect(market.notes).toMatchObject({
      source: 'a, 12345678901234567890 and [1e999',
    })
  })

  it('behavior: the largest exact JSON number is taken', async () => {
    const text = marketText().replace('"1000"', '9007199254740991')
    const market = await parseMarketLines(pieces(Buffer.from(text), 64), 'file')
    expect(market.pools[0]).toMatchObject({
      reserves: [9007199254740991n, 2000n],
    })
  })
})

describe('writeMarketFile', () => {
  it.each(['round.jsonl', 'round.jsonl.gz'])(
    'property: %s reads back equal',
    async (name) => {
      for (const seed of [1, 2, 3]) {
        const market = generateMarket({
          pools: 120,
          tokens: 20,
          seed,
          families: {
            constantProduct: 1,
            concentrated: 1,
            solidlyStable: 1,
            solidlyVolatile: 1,
          },
        })
        const file = join(folder, name)
        await writeMarketFile(file, market)
        const read = await readMarketFile(file)
        expect(read.tokens).toEqual(market.tokens)
        expect(read.pools).toEqual(market.pools)
        expect(read.notes).toEqual(market.notes)
        expect(read.wrappedNative).toEqual(market.wrappedNative)
        expect([...marketLines(read)]).toEqual([...marketLines(market)])
      }
    },
  )

  it('behavior: packs where the name ends in .gz', async () => {
    const bytes = await readFile(join(folder, 'round.jsonl.gz'))
    expect([...bytes.subarray(0, 2)]).toEqual([0x1f, 0x8b])
  })

  it('error: leaves nothing behind', async () => {
    const market = generateMarket({ pools: 5, tokens: 5 })
    await expect(
      writeMarketFile(join(folder, 'absent', 'x.jsonl'), market),
    ).rejects.toThrow('ENOENT')
    const names = await readdir(folder)
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

describe('recorded markets', () => {
  it.for([
    ['markets/ethereum-17105k.jsonl.gz', 3338, 2251, 17105558],
    ['markets/ethereum-17675k.jsonl.gz', 1780, 1365, 17675948],
  ] as const)('%s', async ([name, pools, tokens, blockNumber], { skip }) => {
    const file = dataFile(name) ?? skip(dataMissing)
    const market = await readMarketFile(file)
    expect(market.pools).toHaveLength(pools)
    expect(market.tokens).toHaveLength(tokens)
    expect(market.blockNumber).toBe(blockNumber)
    expect(market.wrappedNative?.symbol).toBe('WETH')
    expect(Object.keys(market.notes)).toEqual(['source', 'note'])
    const copy = join(folder, 'copy.jsonl.gz')
    await writeMarketFile(copy, market)
    const read = await readMarketFile(copy)
    expect(read.pools).toEqual(market.pools)
    expect(read.tokens).toEqual(market.tokens)
  })
})

async function* pieces(
  bytes: Uint8Array,
  size: number,
): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
}
