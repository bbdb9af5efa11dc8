import { describe, expect, it } from 'vitest'
import {
  type BloomedHeader,
  readWholeLogs,
  wholeLogs,
} from '../../../../src/adapters/feeds/sync/wholeLogs.ts'
import type { Hex } from '../../../../src/core/hex.ts'
import { keccakHex, keccakText } from '../../../../src/core/keccak.ts'
import type { Rpc } from '../../../../src/core/rpc.ts'
import { RpcError } from '../../../../src/core/rpcError.ts'

const blockHash = keccakText('block')

/** Bits as the Yellow Paper sets them, written out once more. */
function bloomOf(
  items: readonly { address: Hex; topics: readonly Hex[] }[],
): Hex {
  let bits = 0n
  for (const { address, topics } of items)
    for (const item of [address, ...topics]) {
      const hash = Buffer.from(keccakHex(item).slice(2), 'hex')
      for (const at of [0, 2, 4])
        bits |= 1n << BigInt(hash.readUInt16BE(at) & 2047)
    }
  return `0x${bits.toString(16).padStart(512, '0')}` as Hex
}

const logs = [0, 1, 2, 3].map((i) => ({
  address: `0x${(i + 1).toString(16).padStart(40, '0')}` as Hex,
  topics: [keccakText(`event ${i}`)],
  data: '0x' as Hex,
  blockHash,
  transactionHash: keccakText(`transaction ${i >> 1}`),
  transactionIndex: `0x${i >> 1}`,
  logIndex: `0x${i}`,
}))
const header: BloomedHeader = {
  blockNumber: 7,
  blockHash,
  parentHash: keccakText('parent'),
  timestamp: 1,
  logsBloom: bloomOf(logs),
}

describe('wholeLogs', () => {
  it('default: all logs, in their order, whatever order they came in', () => {
    const reading = wholeLogs(header, [...logs].reverse())
    expect(reading).toMatchObject({ logs: [{ logIndex: 0 }, {}, {}, {}] })
  })

  it('behavior: repeated logs count once', () => {
    const reading = wholeLogs(header, [...logs, ...logs])
    expect('logs' in reading && reading.logs.length).toBe(4)
  })

  it.each([
    ['none', []],
    ['no list', 'logs'],
    ['the first missing', logs.slice(1)],
    ['one missing between', logs.toSpliced(1, 1)],
    ['the last missing', logs.slice(0, 3)],
    [
      'one of another block',
      logs.with(2, { ...logs[2]!, blockHash: header.parentHash }),
    ],
    ['one with other data twice', [...logs, { ...logs[3]!, data: '0x00' }]],
    ['one taken back', logs.with(2, { ...logs[2]!, removed: true } as never)],
    ['one without an address', logs.with(2, { ...logs[2]!, address: '0x' })],
    [
      'transactions that fall',
      logs.with(1, { ...logs[1]!, transactionIndex: '0x3' }),
    ],
  ])('error: %s', (_, answer) => {
    expect(wholeLogs(header, answer)).toHaveProperty('fault')
  })
})

describe('readWholeLogs', () => {
  it('default: asks nothing of a block whose bloom is empty', async () => {
    const rpc: Rpc = {
      request: () => Promise.reject(new Error('nobody should ask')),
    }
    const logsBloom: Hex = `0x${'0'.repeat(512)}`
    const reading = await readWholeLogs(rpc, { ...header, logsBloom })
    expect(reading).toEqual({ logs: [] })
  })

  it('behavior: takes the receipts where the logs are not whole', async () => {
    const rpc: Rpc = {
      request: async (method) =>
        method === 'eth_getLogs'
          ? []
          : [{ logs: logs.slice(0, 2) }, { logs: logs.slice(2) }],
    }
    const reading = await readWholeLogs(rpc, header)
    expect('logs' in reading && reading.logs.length).toBe(4)
  })

  it.each(['with', 'without'])(
    'behavior: finds a lost last log that the bloom does not show, %s receipts',
    async (how) => {
      const twin = { ...logs[3]!, logIndex: '0x4' }
      const answers = [logs, [...logs, twin]]
      const rpc: Rpc = {
        request: async (method) => {
          if (method === 'eth_getLogs') return answers.shift()
          if (how === 'with') return [{ logs: [...logs, twin] }]
          throw new RpcError('no such method', { method })
        },
      }
      // Control: alone, the shorter list looks whole.
      expect(wholeLogs(header, logs)).toHaveProperty('logs')
      const reading = await readWholeLogs(rpc, header)
      if (how === 'with') expect(reading).toHaveProperty('logs.length', 5)
      else expect(reading).toEqual({ fault: '4 logs, then 5' })
    },
  )

  it('error: says what is wrong where neither is whole', async () => {
    const rpc: Rpc = {
      request: async (method) => {
        if (method === 'eth_getLogs') return []
        throw new RpcError('no such method', { method })
      },
    }
    const reading = await readWholeLogs(rpc, header)
    expect(reading).toEqual({
      fault: "the header's bloom tells of more than 0 logs",
    })
  })
})
