import { cosTurns, ln } from './portableMath.ts'

/** A stream of random numbers, the same for the same seed on every platform. */
export type SeededRandom = {
  /** Uniform in [0, 1), with 32 bits. */
  next(): number
  /** Normal with mean 0 and deviation 1. */
  gauss(): number
}

/** mulberry32 by Tommy Ettinger (public domain): 32 bits of state, full period. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  // Box and Muller; 1 - next() is never 0.
  const gauss = (): number => Math.sqrt(-2 * ln(1 - next())) * cosTurns(next())
  return { next, gauss }
}
