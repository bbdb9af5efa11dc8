import { readNonce } from '../../core/accountNonce.ts'
import type { Hex } from '../../core/hex.ts'
import { findReceipt, type Receipt } from '../../core/receipt.ts'
import type { Rpc } from '../../core/rpc.ts'
import { RpcError } from '../../core/rpcError.ts'
import type {
  Outcome,
  PendingTransaction,
  PlanTerms,
  ProfitAndCost,
  Revert,
} from '../../market/plan.ts'
import {
  type BlockTime,
  Memo,
  readBlockTimestamp,
  readLatestBlock,
} from './blockContext.ts'
import { decodeRevert, outOfGas } from './decodeRevert.ts'
import { findExecuted } from './executorCall.ts'
import { type NativeRate, toNative, toNativeRoundingUp } from './nativeValue.ts'
import { netProfit } from './weighPlan.ts'

/** A block as a feed of heads tells it. */
export type KnownBlock = BlockTime & { readonly blockHash?: Hex }

/**
 * Reads what became of transactions. What they have in common is asked for
 * once: a reader is for the questions of one moment.
 */
export class OutcomeReader {
  readonly #rpc: Rpc
  readonly #known: KnownBlock | undefined
  readonly #heads = new Memo<BlockTime>()
  readonly #receipts = new Memo<Receipt | undefined>()
  readonly #used = new Memo<number>()
  readonly #timestamps = new Memo<number>()

  /** @param known a block whose time need not be asked for. */
  constructor(rpc: Rpc, known?: KnownBlock) {
    this.#rpc = rpc
    this.#known = known
  }

  /** Whether it is mined, and how; all else takes further questions. @throws RpcError */
  async minedAs(
    pending: PendingTransaction,
  ): Promise<'landed' | 'reverted' | undefined> {
    const receipt = await this.#receiptOf(pending)
    return receipt && (receipt.isReverted ? 'reverted' : 'landed')
  }

  /**
   * Asks the chain once what became of a transaction; undefined where that is
   * still open.
   *
   * @param confirmations blocks that must lie on the one it was mined in.
   * @throws RpcError
   */
  async read(
    pending: PendingTransaction,
    confirmations: number,
  ): Promise<Outcome | undefined> {
    const { txHash, otherHashes, nonce, terms } = pending
    // All at once: most often it is mined by now, or its time is not over.
    const [head, used, early] = await Promise.all([
      this.#heads.get('latest', () => readLatestBlock(this.#rpc)),
      this.#usedBy(terms.operator),
      this.#receiptOf(pending),
    ])
    const isPast =
      head.blockNumber > terms.lastBlock || head.timestamp > terms.deadline
    // Once more: what is past at a head cannot be mined below it after that was read.
    const receipt =
      early ??
      (isPast
        ? await findReceipt(this.#rpc, [txHash, ...otherHashes])
        : undefined)
    if (receipt) {
      const isDeepEnough =
        head.blockNumber - receipt.blockNumber >= confirmations
      return isDeepEnough || confirmations === 0
        ? await this.#readMined(terms, receipt)
        : undefined
    }
    // Not before its time is over, even where the nonce is used: of several nodes behind one address, one may lack the receipt for a while.
    if (!isPast) return undefined
    const reason = used > nonce ? 'replaced' : 'expired'
    return { kind: 'dropped', txHash, reason }
  }

  async #readMined(terms: PlanTerms, receipt: Receipt): Promise<Outcome> {
    const { txHash, blockNumber, blockHash, gasUsed, effectiveGasPrice } =
      receipt
    const [blockTimestamp, revert] = await Promise.all([
      this.#timestampOf(receipt),
      receipt.isReverted ? readRevert(this.#rpc, terms, receipt) : undefined,
    ])
    const mined = {
      txHash,
      blockNumber,
      blockHash,
      blockTimestamp,
      gasUsed,
      effectiveGasPrice,
    }
    if (revert)
      return {
        kind: 'reverted',
        ...mined,
        revert,
        real: realProfit(terms, receipt, undefined),
      }
    const executed = findExecuted(receipt.logs, terms.executor)
    if (!executed)
      throw new RpcError(
        `the receipt of ${txHash} lacks the executor's report in its logs`,
        { method: 'eth_getTransactionReceipt' },
      )
    const { profit, tip } = executed
    return {
      kind: 'landed',
      ...mined,
      profit,
      tip,
      real: realProfit(terms, receipt, { profit, tip }),
    }
  }

  #usedBy(operator: Hex): Promise<number> {
    return this.#used.get(operator, () =>
      readNonce(this.#rpc, operator, 'latest'),
    )
  }

  #receiptOf({
    txHash,
    otherHashes,
  }: PendingTransaction): Promise<Receipt | undefined> {
    return this.#receipts.get(txHash, () =>
      findReceipt(this.#rpc, [txHash, ...otherHashes]),
    )
  }

  #timestampOf({ blockNumber, blockHash }: Receipt): Promise<number> {
    const known = this.#known
    return this.#timestamps.get(blockHash, async () =>
      known?.blockHash?.toLowerCase() === blockHash.toLowerCase()
        ? known.timestamp
        : await readBlockTimestamp(this.#rpc, blockNumber),
    )
  }
}

/** What was gained and paid; a transaction that reverted paid for its gas and data alone. */
function realProfit(
  terms: PlanTerms,
  receipt: Receipt,
  gain: { readonly profit: bigint; readonly tip: bigint } | undefined,
): ProfitAndCost {
  const rate: NativeRate = {
    tokenAmount: terms.grossProfit,
    native: terms.grossProfitNative,
  }
  // Arbitrum counts data as gas, OP Stack charges for it on top.
  const { effectiveGasPrice: price, gasUsedForL1, l1Fee } = receipt
  const parts = {
    grossProfit: gain
      ? toNative(rate, gain.profit + gain.tip + terms.loan.premium)
      : 0n,
    premium: gain ? toNativeRoundingUp(rate, terms.loan.premium) : 0n,
    gas: (receipt.gasUsed - gasUsedForL1) * price,
    l1DataFee: gasUsedForL1 * price + l1Fee,
    tip: gain ? toNativeRoundingUp(rate, gain.tip) : 0n,
  }
  return { ...parts, netProfit: netProfit(parts) }
}

/** Receipts do not say why: the call is run again on the state the block left. */
async function readRevert(
  rpc: Rpc,
  terms: PlanTerms,
  receipt: Receipt,
): Promise<Revert> {
  if (receipt.gasUsed >= terms.gasLimit) return outOfGas
  const call = {
    from: terms.operator,
    to: terms.executor,
    data: terms.data,
    gas: `0x${terms.gasLimit.toString(16)}`,
  }
  try {
    await rpc.request('eth_call', [
      call,
      `0x${receipt.blockNumber.toString(16)}`,
    ])
  } catch (error) {
    if (error instanceof RpcError && error.data !== undefined)
      return decodeRevert(error.data, {
        hops: terms.pools,
        lender: terms.loan.lender,
      })
    if (!(error instanceof RpcError)) throw error
  }
  return {
    error: 'unknown',
    facts: {},
    hop: undefined,
    detail:
      'it reverted in its place in the block, and would not at the end of that block',
  }
}
