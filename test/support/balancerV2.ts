import { readFileSync } from 'node:fs'
import { AbiCoder, Interface } from 'ethers'
import { createEmbeddedChain } from '../../src/adapters/evm/embeddedChain.ts'
import {
  type Artifact,
  makeArtifact,
  publishedArtifact,
  resolvePackageFile,
} from '../../src/adapters/protocols/artifact.ts'
import { testToken } from '../../src/adapters/protocols/helpers.ts'
import {
  createTransactor,
  type Transactor,
} from '../../src/adapters/protocols/transactor.ts'
import { zeroAddress } from '../../src/core/address.ts'
import type { Hex } from '../../src/core/hex.ts'
import type { Rpc } from '../../src/core/rpc.ts'
import { RpcError } from '../../src/core/rpcError.ts'

/** Balancer V2's Vault as it was deployed, to be asked as its pools are. */

const deployments = '@balancer-labs/v2-deployments'
const owner: Hex = '0x00000000000000000000000000000000000a11ce'
/** Pools take their protocol fee settings from it; without joins it charges nothing. */
const noPauseWindow = [7_776_000n, 2_592_000n] as const

export type BalancerVault = {
  readonly rpc: Rpc
  readonly transactor: Transactor
  readonly vault: Hex
  /** New tokens of these decimals, in the order of their addresses. */
  tokens(decimals: readonly number[]): Promise<{
    readonly addresses: readonly Hex[]
    readonly decimals: readonly number[]
  }>
  /** A weighted pool of 2023, or one of 2021. */
  weightedPool(setting: WeightedSetting): Promise<Hex>
  stablePool(setting: StableSetting): Promise<Hex>
  /** What a call returns, or that it reverts; `from` is whoever the contract is to see. */
  call(from: Hex, to: Hex, data: string): Promise<Hex | 'reverts'>
}

export type WeightedSetting = {
  readonly version: 2021 | 2023
  readonly tokens: readonly Hex[]
  readonly weights: readonly bigint[]
  readonly swapFee: bigint
}

export type StableSetting = {
  readonly tokens: readonly Hex[]
  /** Whole: 200 means `amplification` 200,000. */
  readonly amplification: bigint
  readonly swapFee: bigint
}

/** The function through which the Vault asks a weighted pool. */
export const minimalSwapInfoPool: Interface = new Interface([
  'function onSwap((uint8 kind, address tokenIn, address tokenOut, uint256 amount, bytes32 poolId, uint256 lastChangeBlock, address from, address to, bytes userData) request, uint256 balanceTokenIn, uint256 balanceTokenOut) returns (uint256)',
  'function getPoolId() view returns (bytes32)',
])

/** The function through which the Vault asks a stable pool. */
export const generalPool: Interface = new Interface([
  'function onSwap((uint8 kind, address tokenIn, address tokenOut, uint256 amount, bytes32 poolId, uint256 lastChangeBlock, address from, address to, bytes userData) request, uint256[] balances, uint256 indexIn, uint256 indexOut) returns (uint256)',
  'function getPoolId() view returns (bytes32)',
])

/** Starts a chain with the Vault and the factories of its pools. */
export async function createBalancerVault(): Promise<BalancerVault> {
  const chain = await createEmbeddedChain({
    accounts: [{ address: owner, balance: 10n ** 24n }],
    automine: false,
    blockGasLimit: 900_000_000n,
    baseFeePerGas: 0n,
  })
  const transactor = createTransactor(chain, owner, () => chain.mine())
  const published = (task: string, name: string): Artifact =>
    publishedArtifact(deployments, `dist/tasks/${task}/artifact/${name}.json`)
  const weth = await transactor.deploy(
    publishedArtifact('canonical-weth', 'build/contracts/WETH9.json'),
  )
  const authorizer = await transactor.deploy(
    published('20210418-authorizer', 'Authorizer'),
    [owner],
  )
  const vaultArtifact = published('20210418-vault', 'Vault')
  const vault = await transactor.deploy(vaultArtifact, [
    authorizer,
    weth,
    ...noPauseWindow,
  ])
  await transactor.flush()
  const feeProvider = await transactor.deploy(
    published(
      '20220725-protocol-fee-percentages-provider',
      'ProtocolFeePercentagesProvider',
    ),
    [vault, 5n * 10n ** 17n, 5n * 10n ** 17n],
  )
  await transactor.flush()
  const weighted = published('20230206-weighted-pool-v3', 'WeightedPoolFactory')
  const stable = published(
    '20230206-composable-stable-pool-v3',
    'ComposableStablePoolFactory',
  )
  const factories: Hex[] = []
  for (const factory of [weighted, stable])
    factories.push(
      await transactor.deploy(factory, [vault, feeProvider, 'f', 'p']),
    )
  await transactor.flush()

  /** A factory returns the pool it will make when it is only called. */
  const create = async (
    factory: Hex,
    artifact: Artifact,
    values: readonly unknown[],
  ): Promise<Hex> => {
    const data = artifact.abi.encodeFunctionData('create', values)
    const result = await chain.request('eth_call', [
      { from: owner, to: factory, data, gas: '0x1c9c380' },
      'latest',
    ])
    const [pool] = AbiCoder.defaultAbiCoder().decode(['address'], result as Hex)
    await transactor.send(factory, artifact, 'create', values)
    await transactor.flush()
    return pool as Hex
  }

  return {
    rpc: chain,
    transactor,
    vault,
    async tokens(decimals) {
      const made: { address: Hex; decimals: number }[] = []
      for (const [i, places] of decimals.entries())
        made.push({
          address: await transactor.deploy(testToken, [
            `Token ${i}`,
            `T${i}`,
            places,
          ]),
          decimals: places,
        })
      await transactor.flush()
      made.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1))
      return {
        addresses: made.map(({ address }) => address),
        decimals: made.map((token) => token.decimals),
      }
    },
    async weightedPool({ version, tokens, weights, swapFee }) {
      if (version === 2021) {
        const pool = await transactor.deploy(weightedPoolOf2021(), [
          vault,
          'Weighted',
          'W',
          tokens,
          weights,
          swapFee,
          ...noPauseWindow,
          owner,
        ])
        await transactor.flush()
        return pool
      }
      return await create(factories[0]!, weighted, [
        'Weighted',
        'W',
        tokens,
        weights,
        tokens.map(() => zeroAddress),
        swapFee,
        owner,
      ])
    },
    async stablePool({ tokens, amplification, swapFee }) {
      return await create(factories[1]!, stable, [
        'Stable',
        'S',
        tokens,
        amplification,
        tokens.map(() => zeroAddress),
        tokens.map(() => 0n),
        tokens.map(() => false),
        swapFee,
        owner,
      ])
    },
    async call(from, to, data) {
      try {
        const call = { from, to, data, gas: '0x1c9c380' }
        return (await chain.request('eth_call', [call, 'latest'])) as Hex
      } catch (error) {
        if (error instanceof RpcError && error.data !== undefined)
          return 'reverts'
        throw error
      }
    },
  }
}

/** Its package keeps creation code and ABI in files of their own. */
function weightedPoolOf2021(): Artifact {
  const folder = 'dist/tasks/deprecated/20210418-weighted-pool'
  const read = (path: string): unknown =>
    JSON.parse(
      readFileSync(
        resolvePackageFile(deployments, `${folder}/${path}`),
        'utf8',
      ),
    )
  const { creationCode } = read('bytecode/WeightedPool.json') as {
    readonly creationCode: string
  }
  return makeArtifact(
    'WeightedPool',
    read('abi/WeightedPool.json') as [],
    creationCode,
  )
}
