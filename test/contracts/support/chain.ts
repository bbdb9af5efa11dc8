import { Interface } from 'ethers'
import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../../src/adapters/evm/embeddedChain.ts'
import type { Artifact } from '../../../src/adapters/protocols/artifact.ts'
import { executorAbi } from '../../../src/contracts/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { RpcError } from '../../../src/core/rpcError.ts'

/** Deploys, sends and reads on an embedded chain, in as few words as a test needs. */
export type TestChain = {
  readonly embedded: EmbeddedChain
  deploy(
    artifact: Artifact,
    values?: readonly unknown[],
    options?: SendOptions,
  ): Promise<Contract>
  /** A contract that is there already. */
  at(artifact: Pick<Artifact, 'abi'>, address: Hex): Contract
  /** Sends and tells what came of it, with the revert's name where one can be had. */
  attempt(to: Hex, data: Hex, options?: SendOptions): Promise<Outcome>
  balance(account: Hex): Promise<bigint>
  snapshot(): Promise<Hex>
  restore(id: Hex): Promise<void>
}

export type Contract = {
  readonly address: Hex
  readonly abi: Interface
  encode(name: string, values?: readonly unknown[]): Hex
  /** @throws Error when it reverts. */
  send(
    name: string,
    values?: readonly unknown[],
    options?: SendOptions,
  ): Promise<Outcome>
  attempt(
    name: string,
    values?: readonly unknown[],
    options?: SendOptions,
  ): Promise<Outcome>
  /** The first value that a view function returns. */
  // biome-ignore lint/suspicious/noExplicitAny: an ABI says what it is
  read(name: string, values?: readonly unknown[]): Promise<any>
}

export type SendOptions = {
  readonly from?: Hex
  readonly value?: bigint
  readonly gas?: bigint
}

export type Outcome = {
  readonly success: boolean
  readonly gasUsed: bigint
  readonly hash: Hex
  /** `ProfitTooLow(-5,0)`, or raw bytes that no known contract explains; empty of a success. */
  readonly error: string
  readonly logs: readonly {
    readonly address: Hex
    readonly topics: readonly Hex[]
    readonly data: Hex
  }[]
}

export const owner: Hex = '0x00000000000000000000000000000000000000a1'
export const operator: Hex = '0x00000000000000000000000000000000000000a2'
export const stranger: Hex = '0x00000000000000000000000000000000000000a3'
export const coinbase: Hex = '0x00000000000000000000000000000000000000c0'

const gasLimit = 16_000_000n
const coins = 10n ** 24n

/** Starts a chain on which owner, operator and stranger have coins. */
export async function createTestChain(
  options: { readonly chainId?: number } = {},
): Promise<TestChain> {
  const embedded = await createEmbeddedChain({
    accounts: [owner, operator, stranger].map((address) => ({
      address,
      balance: coins,
    })),
    baseFeePerGas: 0n,
    coinbase,
    ...options,
  })
  const { request } = embedded

  const transact = async (
    to: Hex | undefined,
    data: Hex,
    { from = owner, value = 0n, gas = gasLimit }: SendOptions = {},
  ): Promise<Receipt & { readonly error: string }> => {
    const transaction = {
      from,
      ...(to === undefined ? {} : { to }),
      data,
      value: quantity(value),
      gas: quantity(gas),
      gasPrice: quantity(10n ** 9n),
    }
    const hash = await request('eth_sendTransaction', [transaction])
    const receipt = (await request('eth_getTransactionReceipt', [
      hash,
    ])) as Receipt
    if (receipt.status === '0x1') return { ...receipt, error: '' }
    return { ...receipt, error: await whyReverted(transaction, receipt) }
  }
  /** The call is repeated on the block before. */
  const whyReverted = async (
    transaction: object,
    { blockNumber }: Receipt,
  ): Promise<string> => {
    try {
      await request('eth_call', [
        transaction,
        quantity(BigInt(blockNumber) - 1n),
      ])
      return 'not in a call'
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      const { data } = error.facts as { readonly data?: Hex }
      return data === undefined ? error.message : explain(data)
    }
  }
  const attempt: TestChain['attempt'] = async (to, data, sendOptions) => {
    const { status, gasUsed, transactionHash, error, logs } = await transact(
      to,
      data,
      sendOptions,
    )
    return {
      success: status === '0x1',
      gasUsed: BigInt(gasUsed),
      hash: transactionHash,
      error,
      logs,
    }
  }
  const at: TestChain['at'] = ({ abi }, address) => {
    const encode = (name: string, values: readonly unknown[] = []): Hex =>
      abi.encodeFunctionData(name, values) as Hex
    const contract: Contract = {
      address,
      abi,
      encode,
      attempt: (name, values, sendOptions) =>
        attempt(address, encode(name, values), sendOptions),
      async send(name, values, sendOptions) {
        const outcome = await contract.attempt(name, values, sendOptions)
        if (!outcome.success) throw new Error(`${name}: ${outcome.error}`)
        return outcome
      },
      async read(name, values) {
        const result = await request('eth_call', [
          { to: address, data: encode(name, values) },
          'latest',
        ])
        return abi.decodeFunctionResult(name, result as Hex)[0]
      },
    }
    return contract
  }

  return {
    embedded,
    attempt,
    at,
    async deploy(artifact, values = [], sendOptions = {}) {
      const data =
        `${artifact.bytecode}${artifact.abi.encodeDeploy(values).slice(2)}` as Hex
      const { contractAddress, status, error } = await transact(
        undefined,
        data,
        { gas: 30_000_000n, ...sendOptions },
      )
      if (status !== '0x1' || !contractAddress)
        throw new Error(`deployment of ${artifact.name}: ${error}`)
      return at(artifact, contractAddress)
    },
    async balance(account) {
      return BigInt(
        (await request('eth_getBalance', [account, 'latest'])) as Hex,
      )
    },
    async snapshot() {
      return (await request('evm_snapshot')) as Hex
    },
    async restore(id) {
      await request('evm_revert', [id])
    },
  }
}

const standardErrors = new Interface([
  'error Error(string message)',
  'error Panic(uint256 code)',
  'error SafeERC20FailedOperation(address token)',
])
const executorErrors = new Interface(executorAbi)

/** A revert in words: nested reasons of `HopFailed` and `LoanFailed` are read, too. */
export function explain(data: Hex): string {
  if (data.length < 10) return data
  for (const abi of [executorErrors, standardErrors]) {
    const error = abi.parseError(data)
    if (!error) continue
    const values = [...error.args].map((value) =>
      typeof value === 'string' && /^0x[\da-f]{8,}$/i.test(value)
        ? value.length === 42
          ? value
          : explain(value as Hex)
        : `${value}`,
    )
    return `${error.name}(${values.join(',')})`
  }
  return data
}

type Receipt = {
  readonly status: Hex
  readonly gasUsed: Hex
  readonly blockNumber: Hex
  readonly transactionHash: Hex
  readonly contractAddress: Hex | null
  readonly logs: Outcome['logs']
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
