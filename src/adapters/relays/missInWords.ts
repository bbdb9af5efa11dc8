import type { Miss } from './landing.ts'

/** A miss in words, for people. Fees in wei. */
export function missInWords(miss: Miss): string {
  switch (miss.kind) {
    case 'landed':
      return `it is mined in block ${miss.blockNumber}`
    case 'open':
      return 'its blocks are not over yet'
    case 'outbid':
      return `outbid: ${miss.by} traded the cycle in block ${miss.blockNumber}, before it could`
    case 'stale':
      return `stale: ${miss.by} changed a pool of the cycle in block ${miss.blockNumber}, before it could`
    case 'reverted':
      return `reverted in block ${miss.blockNumber} though nobody had changed its pools`
    case 'too-late':
      return 'too late: its last block was there when it was sent'
    case 'fee-too-low':
      return `fee too low: the base fee was ${miss.baseFee} wei at least in each of its blocks`
    case 'replaced':
      return 'replaced: another transaction of the account took its nonce'
    case 'unknown':
      return 'it could have been mined and was not: nobody who made a block had it, or wanted it'
  }
}
