import { getCreateAddress } from 'ethers'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { Artifact } from './artifact.ts'
import { WorldInvalidError } from './errors.ts'

/**
 * Sends many transactions of one account and has them mined together.
 * Addresses of new contracts are known before their block.
 */
export type Transactor = {
  readonly rpc: Rpc
  readonly sender: Hex
  /** Queues a deployment; returns the address that the contract will have. */
  deploy(artifact: Artifact, values?: readonly unknown[]): Promise<Hex>
  /** Queues a call of a function of the contract's ABI. */
  send(
    to: Hex,
    contract: Artifact,
    functionName: string,
    values?: readonly unknown[],
    options?: { readonly value?: bigint },
  ): Promise<void>
  /** The addresses of the next deployments, should nothing else be sent. */
  nextAddresses(count: number): Promise<readonly Hex[]>
  /**
   * Has what is queued mined.
   * @throws WorldInvalidError at the first transaction that failed.
   */
  flush(): Promise<void>
}

/** More than the largest deployment takes. */
const gasPerTransaction = 40_000_000n

/** `mine` makes a block of what waits. The node must accept the sender's transactions unsigned. */
export function createTransactor(
  rpc: Rpc,
  sender: Hex,
  mine: () => Promise<void>,
): Transactor {
  let queued: Queued[] = []
  let nonce: number | undefined

  const nextNonce = async (): Promise<number> => {
    nonce ??= Number(
      await rpc.request('eth_getTransactionCount', [sender, 'pending']),
    )
    return nonce
  }
  const queue = async (what: string, call: Call): Promise<void> => {
    const transaction = {
      from: sender,
      ...call,
      nonce: toQuantity(BigInt(await nextNonce())),
      gas: toQuantity(gasPerTransaction),
    }
    nonce! += 1
    const hash = (await rpc.request('eth_sendTransaction', [
      transaction,
    ])) as Hex
    queued.push({ hash, what, call })
  }
  const reasonOf = async (call: Call): Promise<string> => {
    try {
      await rpc.request('eth_call', [{ from: sender, ...call }, 'latest'])
      return 'it would succeed now'
    } catch (error) {
      if (error instanceof RpcError) return error.message
      throw error
    }
  }

  return {
    rpc,
    sender,
    async deploy(artifact, values = []) {
      const address = getCreateAddress({
        from: sender,
        nonce: await nextNonce(),
      }) as Hex
      const data = `${artifact.bytecode}${artifact.abi.encodeDeploy(values).slice(2)}`
      await queue(`deployment of ${artifact.name}`, { data: data as Hex })
      return address
    },
    async send(to, contract, functionName, values = [], { value } = {}) {
      const data = contract.abi.encodeFunctionData(functionName, values) as Hex
      await queue(`${contract.name}.${functionName}`, {
        to,
        data,
        ...(value === undefined ? {} : { value: toQuantity(value) }),
      })
    },
    async nextAddresses(count) {
      const first = await nextNonce()
      return Array.from(
        { length: count },
        (_, i) => getCreateAddress({ from: sender, nonce: first + i }) as Hex,
      )
    },
    async flush() {
      const sent = queued
      queued = []
      nonce = undefined
      if (sent.length === 0) return
      await mine()
      for (const { hash, what, call } of sent) {
        const receipt = (await rpc.request('eth_getTransactionReceipt', [
          hash,
        ])) as { readonly status: Hex } | null
        if (receipt?.status === '0x1') continue
        throw new WorldInvalidError(
          receipt
            ? `${what} reverted: ${await reasonOf(call)}`
            : `${what} was not mined`,
          { facts: { to: call.to, txHash: hash } },
        )
      }
    },
  }
}

/**
 * Calls a view function at the latest block and decodes what it returns.
 * @throws RpcError
 */
export async function readContract(
  rpc: Rpc,
  to: Hex,
  contract: Artifact,
  functionName: string,
  values: readonly unknown[] = [],
): Promise<readonly unknown[]> {
  const data = contract.abi.encodeFunctionData(functionName, values)
  const result = await rpc.request('eth_call', [{ to, data }, 'latest'])
  return contract.abi.decodeFunctionResult(functionName, result as Hex)
}

type Call = {
  readonly to?: Hex
  readonly data: Hex
  readonly value?: Hex
}

type Queued = {
  readonly hash: Hex
  readonly what: string
  readonly call: Call
}

function toQuantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
