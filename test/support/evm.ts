import {
  ContractDecoder,
  EdrContext,
  IncludeTraces,
  L1_CHAIN_TYPE,
  l1GenesisState,
  l1HardforkFromString,
  l1ProviderFactory,
  MineOrdering,
} from '@nomicfoundation/edr'
import { decodeWords, encodeCall } from './abi.ts'

/**
 * An Ethereum virtual machine in this process: the same contracts that run on
 * the chain, with no node to start. Addresses are numbers, data is hex without
 * 0x.
 */
export type Evm = {
  /** Deploys creation bytecode with its encoded constructor arguments; returns the address. */
  deploy(bytecode: string): Promise<bigint>
  /** Sends a transaction. @throws Error when it reverts. */
  send(to: bigint, data: string): Promise<void>
  /** Runs a call and forgets it. @throws Error when it reverts. */
  call(to: bigint, data: string): Promise<string>
  /** The words that a view function with static arguments returns. */
  read(
    to: bigint,
    signature: string,
    values?: readonly bigint[],
  ): Promise<readonly bigint[]>
}

/** Whose transactions these are: an account with coins and no code. */
const sender = 0xa11cen

/** More than any batch of calls needs: gas measures nothing here. */
const gas = '0xffffffffff'

/** Machines that run side by side, all in the same state: calls go to them in turn. */
export const twinCount = 2

/** Starts machines at the Cancun fork. */
export async function createEvm(): Promise<Evm> {
  const twins = await Promise.all(
    Array.from({ length: twinCount }, createProvider),
  )
  const from = toHex(sender)
  for (const request of twins) {
    await request('hardhat_impersonateAccount', [from])
  }

  const transact = async (
    to: bigint | undefined,
    data: string,
  ): Promise<Receipt> => {
    const transaction = {
      from,
      ...(to === undefined ? {} : { to: toHex(to) }),
      data: `0x${data}`,
      gas: '0x1c9c380',
    }
    const receipts = await Promise.all(
      twins.map(async (request) => {
        const hash = await request('eth_sendTransaction', [transaction])
        return (await request('eth_getTransactionReceipt', [hash])) as Receipt
      }),
    )
    return receipts[0]!
  }
  let turn = 0
  const call = async (to: bigint, data: string): Promise<string> => {
    turn = (turn + 1) % twinCount
    const result = await twins[turn]!('eth_call', [
      { from, to: toHex(to), data: `0x${data}`, gas },
      'latest',
    ])
    return (result as string).slice(2)
  }

  return {
    async deploy(bytecode) {
      const { contractAddress } = await transact(undefined, bytecode)
      if (!contractAddress) throw new Error('a contract cannot be deployed')
      return BigInt(contractAddress)
    },
    async send(to, data) {
      await transact(to, data)
    },
    call,
    async read(to, signature, values) {
      return decodeWords(await call(to, encodeCall(signature, values)))
    },
  }
}

type Receipt = { readonly contractAddress: string | null }

type Request = (method: string, params: readonly unknown[]) => Promise<unknown>

/** The context may be made once in a process. */
let context: Promise<EdrContext> | undefined

async function createProvider(): Promise<Request> {
  context ??= createContext()
  const provider = await (await context).createProvider(
    L1_CHAIN_TYPE,
    {
      allowBlocksWithSameTimestamp: true,
      allowUnlimitedContractSize: false,
      bailOnCallFailure: true,
      bailOnTransactionFailure: true,
      chainId: 31337n,
      coinbase: new Uint8Array(20),
      defaultTransactionGasLimit: 30_000_000n,
      genesisState: [
        ...l1GenesisState(l1HardforkFromString('cancun')),
        { address: addressBytes(sender), balance: 10n ** 24n },
      ],
      hardfork: 'cancun',
      initialBaseFeePerGas: 0n,
      initialParentBeaconBlockRoot: new Uint8Array(32),
      minGasPrice: 0n,
      mining: { autoMine: true, memPool: { order: MineOrdering.Fifo } },
      network: { genesisBlockGasLimit: 30_000_000n },
      networkId: 31337n,
      observability: { includeCallTraces: IncludeTraces.None },
      ownedAccounts: [],
      precompileOverrides: [],
      transactionGasCap: false,
    },
    {
      enable: false,
      decodeConsoleLogInputsCallback: () => [],
      printLineCallback: () => {},
    },
    { subscriptionCallback: () => {} },
    new ContractDecoder(),
  )
  let id = 0
  return async (method, params) => {
    id += 1
    const { data } = await provider.handleRequest(
      JSON.stringify({ jsonrpc: '2.0', id, method, params }),
    )
    const response = (typeof data === 'string' ? JSON.parse(data) : data) as {
      result?: unknown
      error?: { message: string }
    }
    if (response.error) throw new Error(`${method}: ${response.error.message}`)
    return response.result
  }
}

async function createContext(): Promise<EdrContext> {
  const created = new EdrContext()
  await created.registerProviderFactory(L1_CHAIN_TYPE, l1ProviderFactory())
  return created
}

function toHex(address: bigint): string {
  return `0x${address.toString(16).padStart(40, '0')}`
}

function addressBytes(address: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(toHex(address).slice(2), 'hex'))
}
