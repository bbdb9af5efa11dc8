import { transactionHash } from '../adapters/keys/index.ts'
import { ApexError, type ErrorDetails } from '../core/errors.ts'
import type { Hex } from '../core/hex.ts'
import { keccakText } from '../core/keccak.ts'
import { RpcError } from '../core/rpcError.ts'
import type { Signer } from '../core/signer.ts'
import type { DeployNode, NodeCall, Receipt } from './deployNode.ts'
import { type Deployment, withMargin, word } from './planDeployment.ts'

/** A transaction that landed. */
export type Landed = Receipt & { readonly what: string; readonly hash: Hex }

export type SendOptions = {
  /** For each transaction to land, in milliseconds. */
  readonly timeoutMs: number
  /** Told what happens, as it happens: what was sent cannot be taken back. */
  readonly onStep: (text: string) => void
}

const pollMs = 1000

/**
 * Sends a deployment, holds the code that lies there against the simulated
 * one, and names the operators where the deployer is the owner.
 *
 * @throws DeployFailedError where a transaction reverts or does not land in
 * time, or other code lies there than was simulated.
 * @throws RpcError where the node refuses.
 */
export async function sendDeployment(
  node: DeployNode,
  signer: Signer,
  deployment: Deployment,
  options: SendOptions,
): Promise<readonly Landed[]> {
  const { deployer, owner, operators, executor, runtimeCode } = deployment
  const send = (what: string, nonce: number, call: NodeCall, gas: bigint) =>
    land({ node, signer, deployment, ...options }, what, nonce, call, gas)
  const { data, gasLimit, nonce } = deployment
  const landed = [
    await send('deployment', nonce, { from: deployer, data }, gasLimit),
  ]
  if ((await node.code(executor)) !== runtimeCode)
    throw new DeployFailedError(
      `other code lies at ${executor} than was simulated: do not use it`,
    )
  options.onStep(`the executor lies at ${executor}`)
  if (owner !== deployer) return landed
  const selector = keccakText('addOperator(address)').slice(0, 10)
  for (const operator of operators) {
    const call = {
      from: deployer,
      to: executor,
      data: `${selector}${word(operator)}` as Hex,
    }
    const gas = withMargin(await node.estimateGas(call))
    const what = `operator ${operator}`
    landed.push(await send(what, nonce + landed.length, call, gas))
  }
  return landed
}

type Sending = SendOptions & {
  readonly node: DeployNode
  readonly signer: Signer
  readonly deployment: Deployment
}

async function land(
  { node, signer, deployment, timeoutMs, onStep }: Sending,
  what: string,
  nonce: number,
  { to, data }: NodeCall,
  gasLimit: bigint,
): Promise<Landed> {
  const { maxFeePerGas, maxPriorityFeePerGas } = deployment.fees
  const raw = await signer.signTransaction({
    chainId: deployment.chainId,
    nonce,
    ...(to !== undefined && { to }),
    data,
    value: 0n,
    gasLimit,
    maxFeePerGas,
    maxPriorityFeePerGas,
  })
  const hash = await transactionHash(raw)
  onStep(`${what}: sending ${hash}`)
  try {
    await node.send(raw)
  } catch (error) {
    // No answer does not mean no transaction: wait for it all the same.
    if (!(error instanceof RpcError) || 'rpcCode' in error.facts) throw error
    onStep(`${what}: no answer, it may have been sent`)
  }
  const receipt = await receiptOf(node, hash, timeoutMs)
  if (receipt === undefined)
    throw new DeployFailedError(
      `${what}: in no block after ${timeoutMs / 1000} seconds: ${hash}`,
      { hint: 'it may still land: look it up before you send again' },
    )
  if (!receipt.isSuccess)
    throw new DeployFailedError(
      `${what}: reverted in block ${receipt.blockNumber}: ${hash}`,
    )
  return { what, hash, ...receipt }
}

/** A node that fails for a moment does not end the wait. */
async function receiptOf(
  node: DeployNode,
  hash: Hex,
  timeoutMs: number,
): Promise<Receipt | undefined> {
  const endMs = performance.now() + timeoutMs
  for (;;) {
    const receipt = await node.receipt(hash).catch((error: unknown) => {
      if (!(error instanceof RpcError)) throw error
      return undefined
    })
    if (receipt !== undefined || performance.now() >= endMs) return receipt
    await new Promise((done) => setTimeout(done, pollMs))
  }
}

/** A transaction of a deployment did not do what it was to do. */
export class DeployFailedError extends ApexError {
  override readonly name = 'DeployFailedError'
  constructor(message: string, details?: ErrorDetails) {
    super('DEPLOY_FAILED', message, details)
  }
}
