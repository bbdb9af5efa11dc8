// The search without screens, vectors or bounds: every pair of legs weighed in
// f64, one by one. It finds what the fast search must find; tests compare them.

import { tokenCount } from '../memory'
import { at32 } from './graph'
import { base, nearEnd, nearStart, slotStart } from './legs'
import { weighFour, weighThree, weighTwo } from './weigh'

/** Weighs every cycle of 2 to maxHops hops through the base in hand. */
export function searchPlainly(maxHops: i32): void {
  for (let c = base + 1; c < tokenCount; c++) {
    const start = at32(slotStart, c)
    const end = at32(slotStart, c + 1)
    for (let q = at32(nearStart, c); q < at32(nearEnd, c); q++) {
      for (let p = at32(nearStart, c); p < at32(nearEnd, c); p++)
        if (p != q) weighTwo(p, q)
      if (maxHops < 3) continue
      for (let i = start; i < end; i++) weighThree(i, q)
    }
    if (maxHops < 4) continue
    for (let i = start; i < end; i++)
      for (let j = start; j < end; j++) weighFour(i, j)
  }
}
