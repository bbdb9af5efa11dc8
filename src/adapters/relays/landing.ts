import { readNonce } from '../../core/accountNonce.ts'
import { smaller } from '../../core/bigints.ts'
import { readFeeHistory } from '../../core/feeHistory.ts'
import type { Hex } from '../../core/hex.ts'
import { keccakText } from '../../core/keccak.ts'
import { findReceipt } from '../../core/receipt.ts'
import type { Log, Rpc } from '../../core/rpc.ts'
import {
  bytesIn,
  fieldsIn,
  hashIn,
  integerIn,
  listIn,
} from '../../core/rpcAnswers.ts'
import { readBlock } from '../../core/rpcBlock.ts'
import type { PendingTransaction } from '../../market/plan.ts'
import type { PoolIdentity } from '../../market/pool.ts'

/** What is asked about a transaction that did not earn what it was for. */
export type MissQuestion = {
  readonly rpc: Rpc
  readonly pending: Pick<
    PendingTransaction,
    'txHash' | 'otherHashes' | 'nonce'
  > & {
    readonly terms: Pick<
      PendingTransaction['terms'],
      'operator' | 'blockNumber' | 'lastBlock' | 'deadline' | 'gasPrice'
    >
  }
  /** Pools of its cycle. */
  readonly pools: readonly Pick<PoolIdentity, 'address' | 'poolId'>[]
  /** Block that was the latest when it had been sent. */
  readonly sentAtBlock: number
}

/**
 * Why a transaction did not land, or landed and reverted, as far as the chain
 * can tell. Facts of the chain, no guesses about what relays did.
 */
export type Miss =
  /** It is mined and did what it was for: nothing was missed. */
  | { readonly kind: 'landed'; readonly blockNumber: number }
  /** Its blocks are not over yet. */
  | { readonly kind: 'open' }
  /** Somebody traded two or more pools of the cycle in one transaction, before it could. */
  | {
      readonly kind: 'outbid'
      readonly by: Hex
      readonly blockNumber: number
      /** It was mined too, and paid for its gas. */
      readonly isMined: boolean
    }
  /** Others had changed a pool of the cycle: what it was for was gone. */
  | {
      readonly kind: 'stale'
      readonly by: Hex
      readonly blockNumber: number
      readonly isMined: boolean
    }
  /** It is mined and reverted though no pool had changed: our own fault. */
  | { readonly kind: 'reverted'; readonly blockNumber: number }
  /** It was sent when its last block was there already. */
  | { readonly kind: 'too-late' }
  /** The base fee was above what it offered, in each of its blocks. In wei. */
  | { readonly kind: 'fee-too-low'; readonly baseFee: bigint }
  /** Another transaction of ours took its nonce. */
  | { readonly kind: 'replaced' }
  /** It could have been mined, and was not: no relay, or no winning builder, had it or wanted it. */
  | { readonly kind: 'unknown' }

/** Events of pools that are tokens too: shares changing hands move no price. */
const ofShares: readonly Hex[] = [
  keccakText('Transfer(address,address,uint256)'),
  keccakText('Approval(address,address,uint256)'),
]

/**
 * Asks the chain why a transaction missed.
 *
 * @throws RpcError
 * @example
 * const miss = await explainMiss({ rpc, pending, pools, sentAtBlock })
 * const cause = miss.kind === 'reverted' ? 'failed' : 'lost'
 */
export async function explainMiss(question: MissQuestion): Promise<Miss> {
  const { rpc, pending, sentAtBlock } = question
  const { nonce, terms } = pending
  const hashes = hashesOf(pending)
  const [head, early] = await Promise.all([
    readBlock(rpc, 'latest'),
    findReceipt(rpc, hashes),
  ])
  const isOver =
    head.blockNumber > terms.lastBlock || head.timestamp > terms.deadline
  // Once more: what is over at a head cannot be mined below it after that was read.
  const receipt = early ?? (isOver ? await findReceipt(rpc, hashes) : undefined)
  if (receipt) {
    const { blockNumber, txIndex, isReverted } = receipt
    if (!isReverted) return { kind: 'landed', blockNumber }
    const before = await touches(question, blockNumber, {
      blockNumber,
      txIndex,
    })
    return firstOf(before, true) ?? { kind: 'reverted', blockNumber }
  }
  if (!isOver) return { kind: 'open' }
  // Where the deadline alone ends it, as on Arbitrum, no last block is named.
  const lastBlock = Math.min(terms.lastBlock, head.blockNumber)
  if (sentAtBlock >= lastBlock) return { kind: 'too-late' }
  const taken = firstOf(await touches(question, lastBlock), false)
  if (taken) return taken
  const baseFee = await leastBaseFee(rpc, sentAtBlock + 1, lastBlock)
  if (baseFee > terms.gasPrice.maxFeePerGas)
    return { kind: 'fee-too-low', baseFee }
  const used = await readNonce(rpc, terms.operator, lastBlock)
  return { kind: used > nonce ? 'replaced' : 'unknown' }
}

/** A transaction that changed pools of the cycle. */
type Touch = {
  readonly txHash: Hex
  readonly blockNumber: number
  readonly txIndex: number
  readonly pools: ReadonlySet<string>
}

/** The first that took the cycle, or else the first that moved a pool of it. */
function firstOf(seen: readonly Touch[], isMined: boolean): Miss | undefined {
  const rival = seen.find(({ pools }) => pools.size > 1)
  const first = rival ?? seen[0]
  if (!first) return undefined
  const { txHash: by, blockNumber } = first
  return { kind: rival ? 'outbid' : 'stale', by, blockNumber, isMined }
}

/** Transactions of others that changed pools of the cycle after the plan's block, in order; up to a block, or before a place in it. */
async function touches(
  { rpc, pools, pending }: MissQuestion,
  lastBlock: number,
  before?: { readonly blockNumber: number; readonly txIndex: number },
): Promise<readonly Touch[]> {
  const fromBlock = pending.terms.blockNumber + 1
  if (fromBlock > lastBlock || pools.length === 0) return []
  const range = {
    fromBlock: `0x${fromBlock.toString(16)}`,
    toBlock: `0x${lastBlock.toString(16)}`,
  }
  // A pool of V4 or of Balancer's Vault logs at the contract they share, with its id as first topic.
  const ids = pools.flatMap(({ address, poolId }) =>
    poolId ? [poolId] : isId(address) ? [address] : [],
  )
  const addresses = pools.flatMap(({ address, poolId }) =>
    poolId || isId(address) ? [] : [address],
  )
  const filters = [
    ...(addresses.length > 0 ? [{ ...range, address: addresses }] : []),
    ...(ids.length > 0 ? [{ ...range, topics: [null, ids] }] : []),
  ]
  const found = await Promise.all(
    filters.map((filter) => readLogs(rpc, filter)),
  )
  const named = new Set(ids.map((id) => id.toLowerCase()))
  const ours = new Set(hashesOf(pending))
  const byHash = new Map<Hex, Touch & { readonly pools: Set<string> }>()
  for (const log of found.flat()) {
    const { txHash, txIndex, blockNumber, topics } = log
    if (topics[0] && ofShares.includes(topics[0])) continue
    if (ours.has(txHash)) continue
    if (before?.blockNumber === blockNumber && txIndex >= before.txIndex)
      continue
    const id = topics[1]?.toLowerCase() ?? ''
    const pool = named.has(id) ? id : log.address.toLowerCase()
    const touch = byHash.get(txHash)
    if (touch) touch.pools.add(pool)
    else
      byHash.set(txHash, {
        txHash,
        blockNumber,
        txIndex,
        pools: new Set([pool]),
      })
  }
  return [...byHash.values()].sort(
    (a, b) => a.blockNumber - b.blockNumber || a.txIndex - b.txIndex,
  )
}

/** Of all versions of the transaction. */
function hashesOf({
  txHash,
  otherHashes,
}: MissQuestion['pending']): readonly Hex[] {
  return [txHash, ...otherHashes]
}

async function leastBaseFee(
  rpc: Rpc,
  firstBlock: number,
  lastBlock: number,
): Promise<bigint> {
  const count = lastBlock - firstBlock + 1
  const { baseFees } = await readFeeHistory(rpc, count, lastBlock, [])
  // One more than was asked for: that of the block after them.
  return baseFees.slice(0, count).reduce(smaller)
}

/** Logs with their places in the chain. @throws RpcError */
async function readLogs(
  rpc: Rpc,
  filter: Readonly<Record<string, unknown>>,
): Promise<readonly PlacedLog[]> {
  const method = 'eth_getLogs'
  const logs = listIn(method, await rpc.request(method, [filter]))
  return logs.map((log) => {
    const fields = fieldsIn(method, log, 'a log')
    const { address, topics, transactionHash } = fields
    const { blockNumber, transactionIndex } = fields
    return {
      address: bytesIn(method, address, 'the address of a log'),
      topics: listIn(method, topics, 'topics of a log').map((topic) =>
        hashIn(method, topic, 'a topic'),
      ),
      txHash: hashIn(method, transactionHash, 'transactionHash'),
      blockNumber: integerIn(method, blockNumber, 'blockNumber'),
      txIndex: integerIn(method, transactionIndex, 'transactionIndex'),
    }
  })
}

type PlacedLog = Pick<Log, 'address' | 'topics' | 'txHash' | 'txIndex'> & {
  readonly blockNumber: number
}

function isId(address: Hex): boolean {
  return address.length === 66
}
