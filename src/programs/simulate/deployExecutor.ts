import type { EmbeddedChain } from '../../adapters/evm/embeddedChain.ts'
import { executorBytecode } from '../../contracts/generated/executor.ts'
import type { Hex } from '../../core/hex.ts'
import { keccakText } from '../../core/keccak.ts'
import { RpcError } from '../../core/rpcError.ts'

const gasLimit = 10_000_000n
const ownerCoins = 10n ** 21n

/** Who owns an executor and who trades with it. */
export type ExecutorOwners = {
  readonly owner: Hex
  readonly operator: Hex
  readonly wrappedNative: Hex
}

/**
 * Deploys an executor as its owner and names the operator, a block each.
 *
 * @throws RpcError where the chain refuses.
 */
export async function deployExecutor(
  chain: EmbeddedChain,
  { owner, operator, wrappedNative }: ExecutorOwners,
): Promise<Hex> {
  await chain.setBalance(owner, ownerCoins)
  await chain.impersonate(owner)
  const deployment = await send(chain, {
    from: owner,
    data: `${executorBytecode}${word(owner)}${word(wrappedNative)}` as Hex,
  })
  const executor = deployment.contractAddress!
  await send(chain, {
    from: owner,
    to: executor,
    data: `${keccakText('addOperator(address)').slice(0, 10)}${word(operator)}` as Hex,
  })
  return executor
}

type Receipt = { readonly status: Hex; readonly contractAddress: Hex | null }

async function send(
  chain: EmbeddedChain,
  transaction: { readonly from: Hex; readonly to?: Hex; readonly data: Hex },
): Promise<Receipt> {
  const method = 'eth_sendTransaction'
  const hash = await chain.request(method, [
    { ...transaction, gas: `0x${gasLimit.toString(16)}` },
  ])
  await chain.mine()
  const receipt = (await chain.request('eth_getTransactionReceipt', [
    hash,
  ])) as Receipt | null
  if (receipt?.status !== '0x1')
    throw new RpcError('the executor cannot be deployed', { method })
  return receipt
}

function word(address: Hex): string {
  return address.slice(2).toLowerCase().padStart(64, '0')
}
