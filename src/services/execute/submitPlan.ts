import { keccak256 } from 'ethers'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { Signer } from '../../core/signer.ts'
import {
  type GasPrice,
  type PendingTransaction,
  type Plan,
  planTerms,
  type Simulation,
  type Submission,
  type SucceededSimulation,
} from '../../market/plan.ts'
import type { SignedVersion, Submitter } from '../../market/submitter.ts'
import type { BlockContext } from './blockContext.ts'
import { withTipTo } from './executorCall.ts'
import { replacingGasPrice } from './gasPrice.ts'
import type { NonceLedger } from './nonceLedger.ts'
import type { ExecutionSettings } from './settings.ts'
import { settlePlan } from './simulatePlan.ts'
import { calldataGas } from './transactionGas.ts'

/** What sends transactions of one account. */
export type Sender = {
  readonly signer: Signer
  readonly submitter: Submitter
  readonly nonces: NonceLedger
}

/**
 * Signs a simulated plan, writes down that it is about to be sent, and sends
 * it; nothing of it where it is not approved as it would be sent. A fault before the intent is written gives the nonce back; from then on
 * only the chain, or a clear refusal, settles it.
 *
 * @throws RpcError, StoreInvalidError; whatever the signer or submitter throws.
 */
export async function submitPlan(
  settings: ExecutionSettings,
  context: BlockContext,
  { signer, submitter, nonces }: Sender,
  simulation: SucceededSimulation,
  isApproved: (plan: Plan) => Promise<boolean>,
): Promise<Submission> {
  const { nonce, replaces } = await nonces.reserve(simulation.blockNumber)
  let intent: { pending: PendingTransaction; versions: Versions; plan: Plan }
  try {
    const priced = replaces
      ? repriced(settings, context, simulation, replaces)
      : simulation
    if (priced.kind !== 'succeeded' || !(await isApproved(priced.plan))) {
      nonces.release(nonce)
      return { kind: 'not-sent', plan: priced.plan, simulation: priced }
    }
    const { plan } = priced
    const versions = await signVersions(settings, signer, plan, nonce)
    const [first, ...others] = versions
    const pending: PendingTransaction = {
      ledger: settings.ledger,
      txHash: first.hash,
      otherHashes: others.map(({ hash }) => hash),
      nonce,
      terms: planTerms(plan),
    }
    const { store, ledger } = settings
    // In this order, and at once: they share what keeping them costs.
    const planned = store.recordPlan(ledger, plan)
    planned.catch(() => {})
    await store.writeIntent({ ...pending, submitter: submitter.name })
    await planned
    intent = { pending, versions, plan }
  } catch (error) {
    nonces.release(nonce)
    throw error
  }

  const { pending, versions, plan } = intent
  const refusal = await submit(settings, submitter, versions, pending)
  if (refusal === undefined) return { kind: 'sent', plan, pending }
  const refused = {
    kind: 'refused',
    txHash: pending.txHash,
    ...refusal,
  } as const
  await settings.store.recordEnding(settings.ledger, refused)
  nonces.release(nonce)
  return { ...refused, plan }
}

type Refusal = { readonly reason: string; readonly isUnseen: boolean }

/** Why it was refused; undefined where it is on its way, or may be. */
async function submit(
  { rpc }: ExecutionSettings,
  submitter: Submitter,
  versions: Versions,
  { terms: { firstBlock, lastBlock } }: PendingTransaction,
): Promise<Refusal | undefined> {
  const [{ hash, raw }] = versions
  try {
    await submitter.submit({ hash, raw, versions, firstBlock, lastBlock })
    return undefined
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const { message: reason } = error
    const { rpcCode, notTaken } = error.facts
    if (notTaken) return { reason, isUnseen: true }
    // No answer at all: it may have arrived. Only the chain can tell.
    if (rpcCode === undefined) return undefined
    // Some nodes answer with an error and keep the transaction all the same.
    const known = await Promise.all(
      versions.map((version) => mayHave(rpc, version.hash)),
    )
    return known.some(Boolean) ? undefined : { reason, isUnseen: false }
  }
}

/** Whether the node has a transaction; where it does not tell, it may. */
async function mayHave(rpc: Rpc, hash: Hex): Promise<boolean> {
  try {
    const answer = await rpc.request('eth_getTransactionByHash', [hash])
    return answer !== null
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return true
  }
}

/** At the price that replaces what may still wait under the same nonce. */
function repriced(
  settings: ExecutionSettings,
  context: BlockContext,
  { plan, profit, gasUsed }: SucceededSimulation,
  replaces: GasPrice,
): Simulation {
  return settlePlan(
    settings,
    context,
    plan,
    {
      profit,
      executionGas: gasUsed - calldataGas(plan.data).intrinsic,
      l1DataFee: plan.expected.l1DataFee,
    },
    replacingGasPrice(plan.gasPrice, replaces),
  )
}

/** A transaction for each receiver of the tip, all of one nonce; the plan itself first. */
async function signVersions(
  { otherTipReceivers }: ExecutionSettings,
  signer: Signer,
  plan: Plan,
  nonce: number,
): Promise<Versions> {
  const sign = async (tipTo: Hex, data: Hex): Promise<SignedVersion> => {
    const raw = await signer.signTransaction({
      chainId: plan.chainId,
      nonce,
      to: plan.executor,
      data,
      value: 0n,
      gasLimit: plan.gasLimit,
      ...plan.gasPrice,
    })
    return { tipTo, raw, hash: keccak256(raw) as Hex }
  }
  const { tip, data } = plan
  // Without a tip all versions were the same.
  const others = tip.bps === 0 ? [] : otherTipReceivers
  return await Promise.all([
    sign(tip.to, data),
    ...others.map((to) => sign(to, withTipTo(data, to))),
  ])
}

type Versions = readonly [SignedVersion, ...SignedVersion[]]
