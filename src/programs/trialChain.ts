import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../adapters/evm/embeddedChain.ts'
import { tokenProbe } from '../adapters/protocols/index.ts'
import type { Hex } from '../core/hex.ts'
import { RpcError } from '../core/rpcError.ts'

/** What a copy of a chain for trials is made with. */
export type TrialChainOptions = {
  readonly chainId: number
  readonly url: string
  readonly blockNumber: number
  /** What the node answers is kept here. */
  readonly cacheFolder: string
  /** Sends the trader's transactions. */
  readonly sender: Hex
  /** An address where nothing lies yet. */
  readonly trader: Hex
}

/** A copy of a chain with a trader in it. */
export type TrialChain = {
  readonly chain: EmbeddedChain
  readonly sender: Hex
  /** Where TokenProbe lies. */
  readonly trader: Hex
  /** Above the base fee of any block that is made here. */
  readonly gasPrice: Hex
}

const coins = 10n ** 24n
/** The purchases of a whole shard are one block. */
const blockGasLimit = 1n << 40n
const deploymentGas = '0x4c4b40'
/** In wei, where blocks cost nothing: tokens have been seen that behave in calls without a price only. */
const leastGasPrice = 10n ** 9n

/**
 * Makes the copy.
 * @throws PackageMissingError where @nomicfoundation/edr is not installed.
 * @throws RpcError where the chain does not answer.
 */
export async function createTrialChain(
  options: TrialChainOptions,
): Promise<TrialChain> {
  const { chainId, url, blockNumber, cacheFolder } = options
  const { trader, sender } = options
  const chain = await createEmbeddedChain({
    automine: false,
    chainId,
    fork: { url, blockNumber, cacheFolder },
    blockGasLimit,
  })
  await chain.impersonate(sender)
  await chain.setBalance(sender, coins)
  const { baseFeePerGas } = (await chain.request('eth_getBlockByNumber', [
    'latest',
    false,
  ])) as { readonly baseFeePerGas?: Hex }
  const gasPrice: Hex = `0x${(leastGasPrice + 2n * BigInt(baseFeePerGas ?? '0x0')).toString(16)}`
  const method = 'eth_sendTransaction'
  const hash = await chain.request(method, [
    { from: sender, data: tokenProbe.bytecode, gas: deploymentGas, gasPrice },
  ])
  await chain.mine()
  const receipt = (await chain.request('eth_getTransactionReceipt', [
    hash,
  ])) as { readonly contractAddress: Hex | null } | null
  if (!receipt?.contractAddress)
    throw new RpcError('the contract that tries tokens cannot be deployed', {
      method,
    })
  const code = await chain.request('eth_getCode', [
    receipt.contractAddress,
    'latest',
  ])
  await chain.request('hardhat_setCode', [trader, code])
  return { chain, sender, trader, gasPrice }
}
