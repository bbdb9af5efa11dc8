import { keccak256 } from 'ethers'
import type { Hex } from '../../core/hex.ts'
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
import type { Submitter } from '../../market/submitter.ts'
import type { BlockContext } from './blockContext.ts'
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
 * it. A fault before the intent is written gives the nonce back; from then on
 * only the chain, or a clear refusal, settles it.
 *
 * @throws RpcError, StoreInvalidError; whatever the signer or submitter throws.
 */
export async function submitPlan(
  settings: ExecutionSettings,
  context: BlockContext,
  { signer, submitter, nonces }: Sender,
  simulation: SucceededSimulation,
): Promise<Submission> {
  const { nonce, replaces } = await nonces.reserve()
  let intent: { pending: PendingTransaction; raw: Hex; plan: Plan }
  try {
    const priced = replaces
      ? repriced(settings, context, simulation, replaces)
      : simulation
    if (priced.kind !== 'succeeded') {
      nonces.release(nonce)
      return { kind: 'not-sent', plan: simulation.plan, simulation: priced }
    }
    const { plan } = priced
    const raw = await sign(signer, plan, nonce)
    const pending: PendingTransaction = {
      ledger: settings.ledger,
      txHash: keccak256(raw) as Hex,
      nonce,
      terms: planTerms(plan),
    }
    await settings.store.recordPlan(settings.ledger, plan)
    await settings.store.writeIntent({ ...pending, submitter: submitter.name })
    intent = { pending, raw, plan }
  } catch (error) {
    nonces.release(nonce)
    throw error
  }

  const { pending, raw, plan } = intent
  const refusal = await submit(settings, submitter, raw, pending)
  if (refusal === undefined) return { kind: 'sent', plan, pending }
  const refused = {
    kind: 'refused',
    txHash: pending.txHash,
    reason: refusal,
  } as const
  await settings.store.recordEnding(settings.ledger, refused)
  nonces.release(nonce)
  return { ...refused, plan }
}

/** Why it was refused; undefined where it is on its way, or may be. */
async function submit(
  { rpc }: ExecutionSettings,
  submitter: Submitter,
  raw: Hex,
  { txHash, terms: { firstBlock, lastBlock } }: PendingTransaction,
): Promise<string | undefined> {
  try {
    await submitter.submit({ hash: txHash, raw, firstBlock, lastBlock })
    return undefined
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    // No answer at all: it may have arrived. Only the chain can tell.
    const { rpcCode } = error.facts
    if (rpcCode === undefined) return undefined
    // Some nodes answer with an error and keep the transaction all the same.
    const known = await rpc.request('eth_getTransactionByHash', [txHash])
    return known ? undefined : error.message
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

async function sign(signer: Signer, plan: Plan, nonce: number): Promise<Hex> {
  return await signer.signTransaction({
    chainId: plan.chainId,
    nonce,
    to: plan.executor,
    data: plan.data,
    value: 0n,
    gasLimit: plan.gasLimit,
    ...plan.gasPrice,
  })
}
