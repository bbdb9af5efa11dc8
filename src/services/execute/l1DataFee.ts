import { AbiCoder, id } from 'ethers'
import { chainOf } from '../../adapters/chains/index.ts'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { bytesIn } from '../../core/rpcAnswers.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { FeeModel } from '../../market/chain.ts'

/** What a rollup adds for posting a transaction's data on its parent chain. */
export type L1DataCost = {
  /** Wei on top of the gas. */
  readonly fee: bigint
  /** Gas that is part of what the transaction uses, and of its gas limit. */
  readonly gas: bigint
}

/** Asks a chain what a call of `to` with this calldata adds. One object for a kind of rollup. */
export type L1DataFee = {
  readonly read: (rpc: Rpc, to: Hex, data: Hex) => Promise<L1DataCost>
}

/** OP Stack: a predeploy that bounds the fee by the size of the unsigned transaction. */
const gasPriceOracle = '0x420000000000000000000000000000000000000F'
/** Arbitrum: a virtual contract of its nodes. */
const nodeInterface = '0x00000000000000000000000000000000000000C8'
/** RLP of all fields of an EIP-1559 transaction but its calldata, at most. */
const fieldBytes = 90
const wordDigits = 64

/** Optimism, Base: ethereum-optimism, GasPriceOracle.getL1FeeUpperBound since Fjord. */
export const opStackL1DataFee: L1DataFee = {
  async read(rpc, _to, data) {
    const size = BigInt(data.length / 2 - 1 + fieldBytes)
    const [fee] = await call(
      rpc,
      gasPriceOracle,
      'getL1FeeUpperBound(uint256)',
      [size],
      ['uint256'],
    )
    return { fee: fee!, gas: 0n }
  },
}

/** Arbitrum: OffchainLabs/nitro-contracts, NodeInterface.gasEstimateL1Component. Its L1 costs are gas of the transaction. */
export const arbitrumL1DataFee: L1DataFee = {
  async read(rpc, to, data) {
    const [gas] = await call(
      rpc,
      nodeInterface,
      'gasEstimateL1Component(address,bool,bytes)',
      [to, false, data],
      ['uint64', 'uint256', 'uint256'],
    )
    return { fee: 0n, gas: gas! }
  },
}

/** A chain that is no rollup adds nothing. */
export const noL1DataFee: L1DataFee = {
  async read() {
    return { fee: 0n, gas: 0n }
  },
}

const byModel: Readonly<Record<FeeModel, L1DataFee>> = {
  eip1559: noL1DataFee,
  opStack: opStackL1DataFee,
  arbitrum: arbitrumL1DataFee,
}

/** How chains of this fee model charge for data. */
export function l1DataFeeBy(model: FeeModel): L1DataFee {
  return byModel[model]
}

/** How the chain charges for data; one that is not known charges nothing. */
export function l1DataFeeOf(chainId: number): L1DataFee {
  return l1DataFeeBy(chainOf(chainId)?.feeModel ?? 'eip1559')
}

async function call(
  rpc: Rpc,
  to: string,
  signature: string,
  values: readonly unknown[],
  outputs: readonly string[],
): Promise<readonly bigint[]> {
  const coder = AbiCoder.defaultAbiCoder()
  const types = signature.slice(signature.indexOf('(') + 1, -1).split(',')
  const data = `${id(signature).slice(0, 10)}${coder.encode(types, values).slice(2)}`
  const method = 'eth_call'
  const answer = await rpc.request(method, [{ to, data }, 'latest'])
  const result = bytesIn(method, answer)
  // An account without code answers every call with nothing.
  if (result === '0x')
    throw new RpcError(
      `there is no contract at ${to}, which tells what data costs on L1: feeModel is wrong for this chain`,
      { method },
    )
  if (result.length < 2 + outputs.length * wordDigits)
    throw new RpcError(`${signature} of ${to} returns too little`, { method })
  return [...coder.decode(outputs, result)] as bigint[]
}
