import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  AccountOverride,
  EdrContext,
  ForkConfig,
  Provider,
} from '@nomicfoundation/edr'
import type { Hex } from '../../core/hex.ts'
import { PackageMissingError } from '../../core/packageMissing.ts'
import { withoutCredentials } from '../rpcUrl.ts'
import type { EmbeddedChainOptions, Fork } from './options.ts'

type Edr = typeof import('@nomicfoundation/edr')

const hardfork = 'cancun'

/** Starts a machine; `options` are complete. @throws PackageMissingError */
export async function createEdrProvider(
  options: Required<Omit<EmbeddedChainOptions, 'fork'>> &
    Pick<EmbeddedChainOptions, 'fork'>,
): Promise<Provider> {
  const edr = await loadEdr()
  const { fork, chainId, blockGasLimit } = options
  const context = await loadContext(edr)
  return await context.createProvider(
    edr.L1_CHAIN_TYPE,
    {
      allowBlocksWithSameTimestamp: false,
      allowUnlimitedContractSize: false,
      bailOnCallFailure: true,
      // As a node does: the transaction is mined, its receipt says it failed.
      bailOnTransactionFailure: false,
      chainId: BigInt(chainId),
      coinbase: bytes(options.coinbase),
      defaultTransactionGasLimit: blockGasLimit,
      genesisState: [
        ...(fork ? [] : edr.l1GenesisState(edr.l1HardforkFromString(hardfork))),
        ...options.accounts.map(
          ({ address, balance }): AccountOverride => ({
            address: bytes(address),
            balance,
          }),
        ),
      ],
      hardfork,
      initialBaseFeePerGas: options.baseFeePerGas,
      initialParentBeaconBlockRoot: new Uint8Array(32),
      minGasPrice: 0n,
      mining: {
        autoMine: options.automine,
        blockGasLimit,
        memPool: { order: edr.MineOrdering.Priority },
      },
      network: fork
        ? {
            ...endpointOf(fork),
            blockNumber: BigInt(fork.blockNumber),
            // Otherwise the machine makes a folder where the user stands.
            cacheDir: fork.cacheFolder ?? join(tmpdir(), 'apex-fork-cache'),
          }
        : {
            genesisBlockGasLimit: blockGasLimit,
            genesisBlockTime: BigInt(options.genesisTimestamp),
          },
      networkId: BigInt(chainId),
      observability: { includeCallTraces: edr.IncludeTraces.None },
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
    new edr.ContractDecoder(),
  )
}

/** Whether an embedded chain can be made here. @throws PackageMissingError */
export async function checkEmbeddedChain(): Promise<void> {
  await loadEdr()
}

/** EDR may make one context in a process. */
let context: Promise<EdrContext> | undefined

async function loadContext(edr: Edr): Promise<EdrContext> {
  context ??= (async () => {
    const created = new edr.EdrContext()
    await created.registerProviderFactory(
      edr.L1_CHAIN_TYPE,
      edr.l1ProviderFactory(),
    )
    return created
  })()
  return await context
}

async function loadEdr(): Promise<Edr> {
  try {
    return await import('@nomicfoundation/edr')
  } catch (cause) {
    throw new PackageMissingError(
      '@nomicfoundation/edr',
      'it is the machine of the embedded chain',
      { cause },
    )
  }
}

/** The machine refuses a URL with a name and password: they go as a header. */
function endpointOf({ url }: Fork): Pick<ForkConfig, 'url' | 'httpHeaders'> {
  const { target, headers } = withoutCredentials(new URL(url))
  return {
    url: target,
    httpHeaders: Object.entries(headers).map(([name, value]) => ({
      name,
      value,
    })),
  }
}

function bytes(hex: Hex): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))
}
