import type { Rpc } from '../core/rpc.ts'

/** Asked at a block by number, they have one answer for ever. */
const stateMethods = new Set([
  'eth_getBalance',
  'eth_getCode',
  'eth_getStorageAt',
  'eth_getTransactionCount',
])
/** Digits kept at most; past them all is forgotten and asked anew. */
const mostDigits = 50_000_000

/**
 * Asks for a piece of state once: a copy of a chain forgets what it was told
 * from one call to the next, and several copies ask for the same.
 */
export function rememberState(rpc: Rpc): Rpc {
  const answers = new Map<string, Promise<unknown>>()
  let digits = 0
  return {
    request(method, params = []) {
      const isFixed = /^0x[\da-f]+$/.test(`${params.at(-1)}`)
      if (!stateMethods.has(method) || !isFixed)
        return rpc.request(method, params)
      const key = `${method} ${params.join(' ')}`
      const known = answers.get(key)
      if (known) return known
      const answer = rpc.request(method, params).then(
        (value) => {
          digits += `${value}`.length
          if (digits > mostDigits) {
            answers.clear()
            digits = 0
          }
          return value
        },
        (error) => {
          answers.delete(key)
          throw error
        },
      )
      answers.set(key, answer)
      return answer
    },
  }
}
