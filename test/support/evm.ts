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
import { encodeCall } from './abi.ts'

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
  /** One word that a view function with static arguments returns. */
  read(
    to: bigint,
    signature: string,
    values?: readonly bigint[],
  ): Promise<bigint>
}

/** Whose transactions these are: an account with coins and no code. */
const sender = 0xa11cen

/** More than any batch of calls needs: gas measures nothing here. */
const gas = '0xffffffffff'

/** Starts a machine at the Cancun fork. */
export async function createEvm(): Promise<Evm> {
  const request = await createProvider()
  const from = toHex(sender)
  await request('hardhat_impersonateAccount', [from])

  const transact = async (
    to: bigint | undefined,
    data: string,
  ): Promise<Receipt> => {
    const hash = await request('eth_sendTransaction', [
      {
        from,
        ...(to === undefined ? {} : { to: toHex(to) }),
        data: `0x${data}`,
        gas: '0x1c9c380',
      },
    ])
    return (await request('eth_getTransactionReceipt', [hash])) as Receipt
  }
  const call = async (to: bigint, data: string): Promise<string> => {
    const result = await request('eth_call', [
      { from, to: toHex(to), data: `0x${data}`, gas },
      'latest',
    ])
    return (result as string).slice(2)
  }

  return {
    async deploy(bytecode) {
      const { contractAddress, status } = await transact(undefined, bytecode)
      if (!contractAddress || BigInt(status) !== 1n) {
        throw new Error('a contract cannot be deployed')
      }
      return BigInt(contractAddress)
    },
    async send(to, data) {
      const { status } = await transact(to, data)
      if (BigInt(status) !== 1n) throw new Error('a transaction reverted')
    },
    call,
    async read(to, signature, values) {
      const data = await call(to, encodeCall(signature, values))
      return BigInt(`0x${data.slice(0, 64)}`)
    },
  }
}

type Receipt = {
  readonly contractAddress: string | null
  readonly status: string
}

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
