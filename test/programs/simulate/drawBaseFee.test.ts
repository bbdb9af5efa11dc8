import { expect, it } from 'vitest'
import { createSeededRandom } from '../../../src/core/seededRandom.ts'
import { drawBaseFee } from '../../../src/programs/simulate/drawBaseFee.ts'

const home = 10n ** 9n

it('default: walks round its home by steps the protocol allows', () => {
  const random = createSeededRandom(5)
  let [fee, sum] = [home, 0n]
  const count = 5000
  for (let i = 0; i < count; i++) {
    const next = drawBaseFee(fee, home, random)
    expect(next).toBeLessThanOrEqual(fee + fee / 8n + 1n)
    expect(next).toBeGreaterThanOrEqual(fee - fee / 8n)
    fee = next
    sum += fee
  }
  const mean = sum / BigInt(count)
  expect(mean).toBeGreaterThan(8n * 10n ** 8n)
  expect(mean).toBeLessThan(13n * 10n ** 8n)
})

it('behavior: comes home from far away, and never costs nothing', () => {
  const random = createSeededRandom(6)
  let fee = 0n
  for (let i = 0; i < 2000; i++) {
    fee = drawBaseFee(fee, home, random)
    expect(fee).toBeGreaterThan(0n)
  }
  expect(fee).toBeGreaterThan(10n ** 8n)
})
