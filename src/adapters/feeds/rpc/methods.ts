import type { RpcError } from '../../../core/rpcError.ts'

/** Only what is known to change nothing may be asked twice; a method not named here is asked once. */
const reads =
  /^(?:eth_(?:get[A-Z]\w*|call|callMany|simulateV1|estimateGas|createAccessList|blockNumber|chainId|gasPrice|blobBaseFee|maxPriorityFeePerGas|feeHistory|syncing|protocolVersion)|net_version|web3_clientVersion|debug_trace\w+|trace_(?:block|call|transaction))$/
/** They belong to the node that made the filter. */
const ofOneNode = /^eth_getFilter/
/** What one node may not have yet while another has. */
const mayBeAbsent =
  /^eth_get(?:BlockByHash|BlockByNumber|BlockReceipts|TransactionByHash|TransactionReceipt)$/

/** What another try, or another node, may answer better. */
const passing =
  /header not found|(?:unknown|no such) block|block.{0,70}not (?:found|available)|missing trie node|time(?:d )?.?out|temporar|overload|unavailable|try again|internal (?:server )?error$/i
const limit =
  /rate.?limit|too many requests|exceeded.*(?:capacity|quota|per second)/i
/** Asked again, the same would be refused again: the question is too large. */
const tooLarge = /(?:block|max\w*) range|too large|response size|results/i
const limitCodes: readonly unknown[] = [429, -32_005, -32_016]

/** Whether asking twice does the same as asking once. */
export function isRead(method: string): boolean {
  return reads.test(method) && !ofOneNode.test(method)
}

/** Whether `null` from one node may be something from another. */
export function isAbsent(method: string, result: unknown): boolean {
  return result === null && mayBeAbsent.test(method)
}

/** Whether a node turned a call away for being asked too often. */
export function isLimit({ message, facts }: RpcError): boolean {
  const { rpcCode } = facts
  return (
    !tooLarge.test(message) &&
    (limitCodes.includes(rpcCode) || limit.test(message))
  )
}

/** Whether an error a node gave is about the node or the moment, not about the question. */
export function isPassing(error: RpcError): boolean {
  const { message, data } = error
  if (data !== undefined || /revert/i.test(message)) return false
  if (tooLarge.test(message)) return false
  return isLimit(error) || passing.test(message)
}
