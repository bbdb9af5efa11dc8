import type { Hex } from '../core/hex.ts'
import type { Rpc } from '../core/rpc.ts'
import { RpcError } from '../core/rpcError.ts'

/** What a deployer asks a node, answers read. Amounts are wei. */
export type DeployNode = {
  chainId(): Promise<number>
  balance(account: Hex): Promise<bigint>
  /** The next nonce, waiting transactions counted. */
  nonce(account: Hex): Promise<number>
  code(account: Hex): Promise<Hex>
  fees(): Promise<Fees>
  estimateGas(call: NodeCall): Promise<bigint>
  /** What a call returns: of a deployment the code that would lie there. */
  call(call: NodeCall): Promise<Hex>
  /** What a rollup adds to the gas for posting a deployment's data; 0 elsewhere. */
  l1DataFee(chainId: number, executor: Hex, data: Hex): Promise<bigint>
  send(raw: Hex): Promise<void>
  /** Undefined as long as the transaction is in no block. */
  receipt(hash: Hex): Promise<Receipt | undefined>
}

/** EIP-1559 fees in wei. */
export type Fees = {
  readonly baseFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  /** Outlasts six full blocks: each raises the base fee by at most 1/8, and 1.125^6 is about 2. */
  readonly maxFeePerGas: bigint
}

export type NodeCall = {
  readonly from: Hex
  readonly to?: Hex
  readonly data: Hex
}

export type Receipt = {
  readonly isSuccess: boolean
  readonly blockNumber: bigint
  readonly gasUsed: bigint
  /** Gas and, on a rollup that reports it, the L1 data fee. */
  readonly costWei: bigint
}

/** Where a node does not say what others offer. */
const defaultPriorityFee = 1_000_000_000n

/** Wraps a node. Its functions throw RpcError where it fails or answers nonsense. */
export function deployNode(rpc: Rpc): DeployNode {
  const number = async (
    method: string,
    params?: readonly unknown[],
  ): Promise<bigint> => quantity(method, await rpc.request(method, params))
  const hex = async (
    method: string,
    params: readonly unknown[],
  ): Promise<Hex> => {
    const value = await rpc.request(method, params)
    if (typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value))
      return value as Hex
    throw nonsense(method)
  }
  return {
    chainId: async () => Number(await number('eth_chainId')),
    balance: (account) => number('eth_getBalance', [account, 'latest']),
    nonce: async (account) =>
      Number(await number('eth_getTransactionCount', [account, 'pending'])),
    code: (account) => hex('eth_getCode', [account, 'latest']),
    fees: () => readFees(rpc),
    estimateGas: (call) => number('eth_estimateGas', [call]),
    call: (call) => hex('eth_call', [call, 'latest']),
    l1DataFee: async (chainId, executor, data) => {
      const { l1DataFeeOf } = await import('../services/execute/l1DataFee.ts')
      return (await l1DataFeeOf(chainId).read(rpc, executor, data)).fee
    },
    send: async (raw) => {
      await rpc.request('eth_sendRawTransaction', [raw])
    },
    receipt: (hash) => readReceipt(rpc, hash),
  }
}

async function readFees(rpc: Rpc): Promise<Fees> {
  const method = 'eth_getBlockByNumber'
  const block = fieldsOf(method, await rpc.request(method, ['latest', false]))
  const { baseFeePerGas: baseFee } = block
  const baseFeePerGas = quantity(method, baseFee)
  const maxPriorityFeePerGas = await readPriorityFee(rpc)
  return {
    baseFeePerGas,
    maxPriorityFeePerGas,
    maxFeePerGas: 2n * baseFeePerGas + maxPriorityFeePerGas,
  }
}

/** A convention of nodes, in no standard: some lack it. */
async function readPriorityFee(rpc: Rpc): Promise<bigint> {
  const method = 'eth_maxPriorityFeePerGas'
  try {
    return quantity(method, await rpc.request(method))
  } catch (error) {
    if (error instanceof RpcError) return defaultPriorityFee
    throw error
  }
}

async function readReceipt(rpc: Rpc, hash: Hex): Promise<Receipt | undefined> {
  const method = 'eth_getTransactionReceipt'
  const value = await rpc.request(method, [hash])
  if (value === null) return undefined
  const {
    status,
    blockNumber,
    gasUsed,
    effectiveGasPrice,
    l1Fee = '0x0',
  } = fieldsOf(method, value)
  const gas = quantity(method, gasUsed)
  return {
    isSuccess: quantity(method, status) === 1n,
    blockNumber: quantity(method, blockNumber),
    gasUsed: gas,
    costWei:
      gas * quantity(method, effectiveGasPrice) + quantity(method, l1Fee),
  }
}

function fieldsOf(
  method: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw nonsense(method)
  return value as Readonly<Record<string, unknown>>
}

function quantity(method: string, value: unknown): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value))
    throw nonsense(method)
  return BigInt(value)
}

function nonsense(method: string): RpcError {
  return new RpcError(`${method}: the answer is not of its form`, { method })
}
