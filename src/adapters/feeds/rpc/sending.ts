import type { Hex } from '../../../core/hex.ts'
import { keccakHex } from '../../../core/keccak.ts'
import type { RpcCall, RpcOutcome } from '../../jsonRpcHttp.ts'
import { isLimit, isPassing } from './methods.ts'

/** Hands a signed transaction over: the same bytes land once at most, however often they are sent. */
const sending = 'eth_sendRawTransaction'
/** What clients say of a transaction of the very same hash: geth, Nethermind, Besu, anvil. */
const alreadyHas = /already ?known|\bknown transaction|already imported/i
const nonceUsed = /nonce (?:is )?too low|oldnonce/i
const methodMissing = -32_601
const bytesPattern = /^0x(?:[0-9a-f]{2})+$/i

/** Hash of the transaction that a call sends; undefined where it sends none. */
export function sentHash({ method, params }: RpcCall): Hex | undefined {
  const [raw] = params
  if (method !== sending || typeof raw !== 'string') return undefined
  return bytesPattern.test(raw) ? keccakHex(raw as Hex) : undefined
}

/** Whether a node that refuses a transaction has it already. */
export function isKnown(outcome: RpcOutcome): boolean {
  return outcome.kind === 'node' && alreadyHas.test(outcome.error.message)
}

/** Whether a node refuses because the nonce is used: by this very transaction, perhaps. */
export function isNonceUsed(outcome: RpcOutcome): boolean {
  return outcome.kind === 'node' && nonceUsed.test(outcome.error.message)
}

/** Whether a node surely did not take what it was sent. */
export function isUntaken(outcome: RpcOutcome): boolean {
  if (outcome.kind === 'unsent' || outcome.kind === 'limited') return true
  if (outcome.kind !== 'node') return false
  const { error } = outcome
  const { rpcCode } = error.facts
  return isLimit(error) || rpcCode === methodMissing
}

/** Whether the same transaction may go to another node: this one is not for it, or not now. */
export function mayGoElsewhere(outcome: RpcOutcome): boolean {
  return (
    isUntaken(outcome) || (outcome.kind === 'node' && isPassing(outcome.error))
  )
}
