import type { Provider } from '@nomicfoundation/edr'
import { ApexError } from '../../core/errors.ts'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { RpcError } from '../../core/rpcError.ts'
import { withoutCredentials, withoutUrl } from '../rpcUrl.ts'
import { createEdrProvider } from './edrProvider.ts'
import type { EmbeddedChainOptions, Fork } from './options.ts'

/**
 * A chain in this process: the EVM under Hardhat at the Cancun fork. Nothing
 * in it depends on the clock: the same requests make the same blocks. Waiting
 * transactions are ordered by what they pay beside the base fee, those of one
 * account by nonce.
 */
export type EmbeddedChain = Rpc & {
  readonly chainId: number
  /** Makes a block of the waiting transactions. `timestamp`: unix seconds, later than the last block's. */
  mine(timestamp?: number): Promise<void>
  /** From now on whether each transaction makes a block at once. */
  setAutomine(isOn: boolean): Promise<void>
  /** Accepts transactions from this address without its key. */
  impersonate(address: Hex): Promise<void>
  /** Gives an account so many wei. */
  setBalance(address: Hex, balance: bigint): Promise<void>
  /** Of the next block, in wei. */
  setNextBaseFee(baseFeePerGas: bigint): Promise<void>
  /** From the next block on. */
  setBlockGasLimit(gas: bigint): Promise<void>
  /** Unix seconds of the latest block. */
  timestamp(): Promise<number>
  /**
   * Runs a set-up: blocks are made by `mine` alone and take any amount of gas.
   * Afterwards the next block's base fee and all else are as before.
   */
  whileSettingUp<Result>(setUp: () => Promise<Result>): Promise<Result>
}

const forkTimeoutMs = 15_000
/** Beyond what any set-up takes in one block. */
const setUpGasLimit = 1n << 50n

const defaults = {
  chainId: 31337,
  accounts: [],
  automine: true,
  blockGasLimit: 30_000_000n,
  baseFeePerGas: 10n ** 9n,
  coinbase: '0xc01bba5e00000000000000000000000000000000',
  genesisTimestamp: 1_700_000_000,
  blockTime: 12,
} as const

/** Requests after which there may be a new latest block. */
const blockMakers = new Set([
  'eth_sendTransaction',
  'eth_sendRawTransaction',
  'evm_mine',
  'hardhat_mine',
  'evm_revert',
  'evm_setAutomine',
])

/**
 * Starts a chain in this process.
 *
 * @throws PackageMissingError where @nomicfoundation/edr is not installed.
 * @throws RpcError where the chain to fork does not answer.
 * @example
 * const chain = await createEmbeddedChain()
 * await chain.request('eth_blockNumber') // '0x0'
 */
export async function createEmbeddedChain(
  options: EmbeddedChainOptions = {},
): Promise<EmbeddedChain> {
  const settings = { ...defaults, ...options }
  const { chainId, blockTime, fork } = settings
  const ask = asker(await started(settings), fork && new URL(fork.url))

  // The machine would date a block by the clock: each is told its time beforehand.
  const dateNextBlock = async (): Promise<void> => {
    const next = (await latestTimestamp(ask)) + blockTime
    await ask('evm_setNextBlockTimestamp', [next])
  }
  let isAutomining = settings.automine
  // One at a time: a block must not begin before it is dated.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = last.then(run)
    last = result.catch(() => {})
    return result
  }
  const request = (
    method: string,
    params: readonly unknown[] = [],
  ): Promise<unknown> =>
    inTurn(async () => {
      if (!blockMakers.has(method)) return await ask(method, params)
      const result = await ask(method, params)
      if (method === 'evm_setAutomine') isAutomining = params[0] === true
      await dateNextBlock()
      return result
    })

  await dateNextBlock()
  for (const { address } of settings.accounts)
    await ask('hardhat_impersonateAccount', [address])
  // A fork's accounts keep their coins otherwise.
  if (fork)
    for (const { address, balance } of settings.accounts)
      await ask('hardhat_setBalance', [address, toQuantity(balance)])

  const chain: EmbeddedChain = {
    chainId,
    request,
    async mine(timestamp) {
      await request('evm_mine', timestamp === undefined ? [] : [timestamp])
    },
    async setAutomine(isOn) {
      await request('evm_setAutomine', [isOn])
    },
    async impersonate(address) {
      await request('hardhat_impersonateAccount', [address])
    },
    async setBalance(address, balance) {
      await request('hardhat_setBalance', [address, toQuantity(balance)])
    },
    async setNextBaseFee(baseFeePerGas) {
      await request('hardhat_setNextBlockBaseFeePerGas', [
        toQuantity(baseFeePerGas),
      ])
    },
    async setBlockGasLimit(gas) {
      await request('evm_setBlockGasLimit', [toQuantity(gas)])
    },
    async timestamp() {
      return await inTurn(() => latestTimestamp(ask))
    },
    async whileSettingUp(setUp) {
      const [wasOn, { baseFeePerGas }] = [isAutomining, await latestBlock(ask)]
      await chain.setAutomine(false)
      await chain.setBlockGasLimit(setUpGasLimit)
      try {
        return await setUp()
      } finally {
        await chain.setBlockGasLimit(settings.blockGasLimit)
        await chain.setNextBaseFee(BigInt(baseFeePerGas))
        await chain.setAutomine(wasOn)
      }
    },
  }
  return chain
}

type Ask = (method: string, params?: readonly unknown[]) => Promise<unknown>

type RpcResponse = {
  readonly result?: unknown
  readonly error?: {
    readonly code?: number
    readonly message: string
    readonly data?: Hex | { readonly data?: Hex }
  }
}

async function started(
  settings: Parameters<typeof createEdrProvider>[0],
): Promise<Provider> {
  const { fork } = settings
  if (!fork) return await createEdrProvider(settings)
  await askForBlock(fork)
  try {
    return await createEdrProvider(settings)
  } catch (error) {
    // The machine's own words name the URL, which may carry a key.
    if (error instanceof ApexError) throw error
    throw forkError(fork.blockNumber)
  }
}

/** The machine would ask a node that does not answer for a minute and a half. */
async function askForBlock({ url, blockNumber }: Fork): Promise<void> {
  try {
    const { target, headers } = withoutCredentials(new URL(url))
    const response = await fetch(target, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'eth_getBlockByNumber',
        params: [toQuantity(BigInt(blockNumber)), false],
      }),
      signal: AbortSignal.timeout(forkTimeoutMs),
    })
    const { result } = (await response.json()) as RpcResponse
    if (result) return
  } catch {
    // What went wrong names the URL.
  }
  throw forkError(blockNumber)
}

function forkError(blockNumber: number): RpcError {
  return new RpcError(
    `the chain cannot be forked at block ${blockNumber}: its node does not answer, or has no such block`,
    { method: 'eth_getBlockByNumber' },
  )
}

/** @param forkUrl may carry a key: what the machine says goes on without it. */
function asker(provider: Provider, forkUrl: URL | undefined): Ask {
  let id = 0
  return async (method, params = []) => {
    id += 1
    const { data } = await provider.handleRequest(
      JSON.stringify({ jsonrpc: '2.0', id, method, params }),
    )
    const response: RpcResponse =
      typeof data === 'string' ? JSON.parse(data) : data
    if (response.error) throw rpcError(method, response.error, forkUrl)
    return response.result
  }
}

function rpcError(
  method: string,
  { code, message, data }: NonNullable<RpcResponse['error']>,
  forkUrl: URL | undefined,
): RpcError {
  const said = `${method}: ${message}`
  const revertData = typeof data === 'string' ? data : data?.data
  return new RpcError(forkUrl ? withoutUrls(said, forkUrl) : said, {
    method,
    ...(code === undefined ? {} : { rpcCode: code }),
    ...(revertData === undefined ? {} : { data: revertData }),
  })
}

/** A forked chain's URL may carry a key, and so may those that its node speaks of. */
function withoutUrls(text: string, forkUrl: URL): string {
  return withoutUrl(text, forkUrl).replaceAll(
    /\b(?:https?|wss?):\/\/[^\s"')]+/g,
    '<url>',
  )
}

async function latestTimestamp(ask: Ask): Promise<number> {
  return Number((await latestBlock(ask)).timestamp)
}

async function latestBlock(ask: Ask): Promise<Block> {
  return (await ask('eth_getBlockByNumber', ['latest', false])) as Block
}

type Block = { readonly timestamp: Hex; readonly baseFeePerGas: Hex }

function toQuantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
