import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Hex } from '../../src/core/hex.ts'
import { generateMarket } from '../../src/market/generate/generateMarket.ts'
import { marketLines, readMarketFile } from '../../src/market/marketFile.ts'
import {
  createHistoryWriter,
  type HistoryBlock,
  HistoryFolderError,
  historyFiles,
  readHistory,
} from '../../src/programs/history.ts'

const market = generateMarket({ pools: 5, tokens: 5, seed: 1 })
const blocks = [blockAt(2), blockAt(3), blockAt(4)]
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apex-history-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('createHistoryWriter', () => {
  it('default: what was written is read again, market and blocks', async () => {
    const target = join(folder, 'whole')
    await record(target)
    expect(await all(join(target, historyFiles.blocks))).toEqual(blocks)
    const read = await readMarketFile(join(target, historyFiles.market))
    expect([...marketLines(read)]).toEqual([...marketLines(market)])
  })

  it('behavior: the lines are in the documented form', async () => {
    const target = join(folder, 'form')
    await record(target)
    const text = gunzipSync(await readFile(join(target, historyFiles.blocks)))
    expect(text.toString().split('\n')[0]).toBe(
      `{"type":"block","chainId":31337,"blockNumber":2,"blockHash":"${hash(2)}","parentHash":"${hash(1)}","timestamp":1002,"baseFeePerGas":"100000000000000000000","logs":[{"address":"0x${'11'.repeat(20)}","topics":["${hash(7)}"],"data":"0x","txHash":"${hash(9)}","txIndex":0,"logIndex":2}]}`,
    )
  })

  it('behavior: the same blocks give the same bytes', async () => {
    const [a, b] = [join(folder, 'a'), join(folder, 'b')]
    await record(a)
    await record(b)
    for (const file of Object.values(historyFiles))
      expect(await readFile(join(a, file))).toEqual(
        await readFile(join(b, file)),
      )
  })

  it('behavior: finished blocks are in the file before it is closed', async () => {
    const target = join(folder, 'open')
    const history = await createHistoryWriter(target, market)
    await history.write(blocks[0]!)
    const packed = await readFile(join(target, historyFiles.blocks))
    const text = gunzipSync(packed, { finishFlush: 2 }).toString()
    expect(text.split('\n')).toHaveLength(2)
    await history.close()
  })

  it('error: a folder that holds something is left as it is', async () => {
    const target = join(folder, 'taken')
    await record(target)
    const before = await readFile(join(target, historyFiles.blocks))
    await expect(createHistoryWriter(target, market)).rejects.toThrow(
      HistoryFolderError,
    )
    expect(await readFile(join(target, historyFiles.blocks))).toEqual(before)
  })
})

describe('readHistory', () => {
  it.each([
    ['another type', { type: 'market' }, 'rows of type "block"'],
    ['a rounded fee', { baseFeePerGas: 7 }, 'baseFeePerGas is no decimal'],
    ['no logs', { logs: undefined }, 'logs is no list'],
    ['a short hash', { blockHash: '0x12' }, 'blockHash is no hex'],
    ['a bad number', { timestamp: -1 }, 'timestamp is no whole number'],
    ['bad topics', { logs: [{ topics: ['0x12'] }] }, 'topics is no list'],
  ])('error: %s', async (_, fault, message) => {
    const file = join(folder, 'bad.jsonl')
    const { baseFeePerGas, ...rest } = blocks[0]!
    const row = { type: 'block', ...rest, baseFeePerGas: `${baseFeePerGas}` }
    await writeFile(file, `${JSON.stringify({ ...row, ...fault })}\n`)
    await expect(all(file)).rejects.toThrow(message)
  })

  it('error: a block is missing', async () => {
    const target = join(folder, 'gap')
    await record(target)
    const text = gunzipSync(await readFile(join(target, historyFiles.blocks)))
    const [first, , third] = text.toString().split('\n')
    const file = join(folder, 'gap.jsonl.gz')
    await writeFile(file, gzipSync(`${first}\n${third}\n`))
    await expect(all(file)).rejects.toThrow('block 4 has another parent')
  })
})

async function record(target: string): Promise<void> {
  const history = await createHistoryWriter(target, market)
  for (const block of blocks) await history.write(block)
  await history.close()
}

async function all(file: string): Promise<HistoryBlock[]> {
  const read: HistoryBlock[] = []
  for await (const block of readHistory(file)) read.push(block)
  return read
}

function blockAt(blockNumber: number): HistoryBlock {
  return {
    chainId: 31337,
    blockNumber,
    blockHash: hash(blockNumber),
    parentHash: hash(blockNumber - 1),
    timestamp: 1000 + blockNumber,
    baseFeePerGas: 10n ** 20n,
    logs: [
      {
        address: `0x${'11'.repeat(20)}`,
        topics: [hash(7)],
        data: '0x',
        txHash: hash(9),
        txIndex: 0,
        logIndex: 2,
      },
    ],
  }
}

function hash(value: number): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}
