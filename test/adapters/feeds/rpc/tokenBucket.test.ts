import { expect, it } from 'vitest'
import { createTokenBucket } from '../../../../src/adapters/feeds/rpc/tokenBucket.ts'
import { createSeededRandom } from '../../../../src/core/seededRandom.ts'

it('default: a burst at once, then one place after the other', () => {
  const bucket = createTokenBucket({ callsPerSecond: 10, burst: 3 })
  const waits = [0, 0, 0, 0, 0].map(() => bucket.reserve(0))
  expect(waits).toEqual([0, 0, 0, 100, 200])
  expect(bucket.waitMs(250)).toBe(50)
  expect(bucket.waitMs(10_000)).toBe(0)
})

it('property: in no second more calls than burst and rate allow', () => {
  const random = createSeededRandom(3)
  const bucket = createTokenBucket({ callsPerSecond: 20, burst: 5 })
  const goes: number[] = []
  for (let now = 0; now < 20_000; now += random.next() * 60)
    goes.push(now + bucket.reserve(now))
  for (const from of goes)
    expect(
      goes.filter((time) => time >= from && time < from + 1000).length,
    ).toBeLessThanOrEqual(26)
  // Nothing is held back without need: the rate is used up.
  expect(goes.length).toBeGreaterThan(400)
})

it('behavior: what the node asks for is kept, without a limit too', () => {
  const bucket = createTokenBucket()
  expect(bucket.reserve(0)).toBe(0)
  bucket.pauseUntil(500)
  bucket.pauseUntil(100)
  expect(bucket.reserve(200)).toBe(300)
  expect(bucket.reserve(600)).toBe(0)
})
