import { contractAddress } from '../adapters/keys/index.ts'
import { executorBytecode } from '../contracts/index.ts'
import type { Hex } from '../core/hex.ts'
import { nativeCoin } from '../core/nativeCoins.ts'
import type { DeployNode, Fees } from './deployNode.ts'
import { UsageError } from './errors.ts'

/** What a person decides about a deployment. */
export type DeploymentOptions = {
  readonly deployer: Hex
  /** The deployer where left out. */
  readonly owner?: Hex | undefined
  readonly operators: readonly Hex[]
  /** The chain's known one where left out. */
  readonly wrappedNative?: Hex | undefined
}

/** A deployment that a node has simulated; amounts in wei. */
export type Deployment = {
  readonly chainId: number
  readonly deployer: Hex
  readonly balance: bigint
  readonly nonce: number
  readonly owner: Hex
  readonly operators: readonly Hex[]
  readonly wrappedNative: Hex
  /** Where the executor will lie if no other transaction of the deployer comes first. */
  readonly executor: Hex
  /** Creation code with its arguments. */
  readonly data: Hex
  /** What will lie there, argument for argument. */
  readonly runtimeCode: Hex
  readonly gas: bigint
  readonly gasLimit: bigint
  readonly fees: Fees
  /** What a rollup adds for posting the creation code; 0 elsewhere. */
  readonly l1DataFee: bigint
  /** At the present base fee, operators included where the deployer names them. */
  readonly expectedCost: bigint
  /** With every gas limit used up at the highest fee. */
  readonly mostCost: bigint
}

/** EIP-7825: no transaction may have more. */
const mostGasLimit = 16_777_216n
/** Bounds a call of addOperator: 21,000, one new slot 22,100, event and dispatch. */
export const addOperatorGas = 60_000n

/**
 * Simulates the deployment of the executor: nothing is sent.
 *
 * @throws UsageError where the chain's wrapped native coin is not known, or is
 * no contract.
 * @throws RpcError where the node fails, or the deployment would revert.
 */
export async function planDeployment(
  node: DeployNode,
  options: DeploymentOptions,
): Promise<Deployment> {
  const { deployer, owner = deployer, operators } = options
  const chainId = await node.chainId()
  const wrappedNative = await knownWrapper(node, chainId, options)
  const data = `${executorBytecode}${word(owner)}${word(wrappedNative)}` as Hex
  const call = { from: deployer, data }
  const runtimeCode = await node.call(call)
  const gas = await node.estimateGas(call)
  const fees = await node.fees()
  const nonce = await node.nonce(deployer)
  const executor = await contractAddress(deployer, nonce)
  const l1DataFee = await node.l1DataFee(chainId, executor, data)
  const gasLimit = withMargin(gas)
  const operatorGas =
    owner === deployer ? BigInt(operators.length) * addOperatorGas : 0n
  const price = fees.baseFeePerGas + fees.maxPriorityFeePerGas
  return {
    chainId,
    deployer,
    balance: await node.balance(deployer),
    nonce,
    owner,
    operators,
    wrappedNative,
    executor,
    data,
    runtimeCode,
    gas,
    gasLimit,
    fees,
    l1DataFee,
    expectedCost: (gas + operatorGas) * price + l1DataFee,
    mostCost: (gasLimit + operatorGas) * fees.maxFeePerGas + l1DataFee,
  }
}

/** A fifth above the estimate, for state that changes until it is mined. */
export function withMargin(gas: bigint): bigint {
  const margin = gas + gas / 5n
  return margin < mostGasLimit ? margin : mostGasLimit
}

async function knownWrapper(
  node: DeployNode,
  chainId: number,
  options: DeploymentOptions,
): Promise<Hex> {
  const address = options.wrappedNative ?? nativeCoin(chainId)?.wrappedAddress
  const hint = 'name it by --wrapped-native'
  if (address === undefined)
    throw new UsageError(
      `the wrapped native coin of chain ${chainId} is not known`,
      { hint },
    )
  if ((await node.code(address)) === '0x')
    throw new UsageError(
      `no contract lies at ${address}, the wrapped native coin of chain ${chainId}`,
      { hint },
    )
  return address
}

/** An address as 32 bytes without 0x, as the ABI encodes it. */
export function word(address: Hex): string {
  return address.slice(2).toLowerCase().padStart(64, '0')
}
