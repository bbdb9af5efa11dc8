import picocolors from 'picocolors'
import { expect, it } from 'vitest'
import { BotLines } from '../../src/cli/botLines.ts'
import type { Io } from '../../src/cli/io.ts'
import type { Outcome } from '../../src/market/plan.ts'
import type { ChainBlockReport } from '../../src/programs/bot/options.ts'
import { intentOf, landedOf, opportunityOf, planOf } from '../support/plans.ts'

const chains = [
  { name: 'ethereum', chain: { nativeCoin: 'ETH' } },
  { name: 'bsc', chain: { nativeCoin: 'BNB' } },
]

function start(columns?: number, hasColors = false, isLive = true) {
  let told = ''
  const io: Io = {
    stdout: () => {},
    stderr: (text) => {
      told += text
    },
    columns,
    stderrColumns: columns,
    colors: picocolors.createColors(hasColors),
    stdin: process.stdin,
  }
  return { lines: new BotLines({ chains, isLive }, io), told: () => told }
}

function reportOf(changes: Partial<ChainBlockReport> = {}): ChainBlockReport {
  return {
    chain: 'bsc',
    blockNumber: 41_234_567,
    blockHash: '0x12',
    poolsChanged: 7,
    found: 3,
    skipped: { 'shares-pool': 2 },
    sent: 1,
    wouldSend: 0,
    bestNetProfit: 12_345_678_901_234_567n,
    latencyMs: {
      read: 4.04,
      apply: 0.5,
      scan: 1,
      plan: 2,
      judge: 0.25,
      simulate: 3,
      submit: 5,
      total: 16.26,
    },
    ...changes,
  }
}

it('writes a block in columns under their heads, which come once', () => {
  const { lines } = start()
  const [head, block] = lines.block(reportOf()).split('\n')
  const words = (line = '') => line.trim().split(/ {2,}/)
  expect(words(head)).toEqual(
    'chain,block,pools,found,sent,best net,ms,read,apply,scan,plan,judge,simulate,submit,skipped'.split(
      ',',
    ),
  )
  expect(words(block)).toEqual(
    'bsc,41234567,7,3,1,0.0123456… BNB,16.3,4.0,0.5,1.0,2.0,0.3,3.0,5.0,2 shares-pool'.split(
      ',',
    ),
  )
  expect(head!.indexOf('skipped')).toBe(block!.indexOf('2 shares-pool'))
  for (let i = 0; i < 100; i++)
    expect(lines.block(reportOf())).not.toContain('chain')
})

it('tells the heads again on a terminal, and leaves the stages out where it is narrow', () => {
  const { lines } = start(100)
  const told = Array.from({ length: 81 }, () => lines.block(reportOf()))
  expect(told.filter((text) => text.startsWith('chain'))).toHaveLength(3)
  expect(told[0]).not.toContain('simulate')
  expect(told[0]).toContain('16.3  2 shares-pool')
})

it('names what a dry run would send', () => {
  const { lines } = start(undefined, false, false)
  const text = lines.block(reportOf({ sent: 0, wouldSend: 4 }))
  expect(text).toMatch(/ would .*\n.* 4 /)
})

it('colours only where colours are: green what is sent, dim what is quiet', () => {
  const quiet = reportOf({ found: 0, sent: 0, skipped: {} })
  const { lines } = start(170, true)
  expect(lines.block(reportOf())).toContain('\u001b[32mbsc')
  expect(lines.block(quiet)).toContain('\u001b[2mbsc')
  const { lines: plain } = start(170)
  expect(plain.block(reportOf()) + plain.block(quiet)).not.toContain('\u001b')
})

it('tells what became of a transaction, what it earned, and why it did not', () => {
  const { lines, told } = start()
  const intent = intentOf('chain-56', planOf(opportunityOf()), 3)
  const landed = landedOf(intent)
  lines.outcome('bsc', landed, intent, undefined)
  const dropped: Outcome = {
    kind: 'dropped',
    txHash: intent.txHash,
    reason: 'expired',
  }
  lines.outcome('bsc', dropped, intent, { kind: 'replaced' })
  const [first, second] = told().trim().split('\n')
  expect(first).toBe(
    `bsc: landed ${intent.txHash} in block 101, 0.0499999… BNB net`,
  )
  expect(second).toMatch(
    new RegExp(`^bsc: dropped ${intent.txHash} never mined, expired: .`),
  )
})
