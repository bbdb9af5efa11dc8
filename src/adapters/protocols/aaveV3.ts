import { id } from 'ethers'
import { zeroAddress } from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import { type Artifact, publishedArtifact } from './artifact.ts'
import type { GenuineLender } from './protocol.ts'
import { erc20Artifact } from './tokens.ts'
import { readContract, type Transactor } from './transactor.ts'

/** What Aave charges on its markets since 2022, in 1/10,000 of the loan. */
const flashLoanPremiumBps = 5
const ray = 10n ** 27n
const unlimited = (1n << 256n) - 1n
const logicFolder = 'protocol/libraries/logic'

/** Aave V3's Pool behind its proxies: each funded token is listed as a reserve and supplied. */
export const aaveV3: GenuineLender = {
  name: 'aave-v3',
  async deploy({ transactor, chainId }) {
    const market = await deployMarket(transactor)
    const { pool: address } = market
    const listed = new Set<Hex>()
    return {
      lender: {
        name: 'aave-v3',
        chainId,
        kind: 'aaveV3',
        address,
        verified: true,
        source: 'bytecode of npm @aave/core-v3 1.19.3',
      },
      async fund(token, amount) {
        if (!listed.has(token)) {
          listed.add(token)
          await listReserve(transactor, market, token)
        }
        const { sender } = transactor
        await transactor.send(address, poolArtifact(), 'supply', [
          token,
          amount,
          sender,
          0,
        ])
      },
    }
  },
}

type AaveMarket = {
  readonly pool: Hex
  readonly configurator: Hex
  /** Code of the tokens that stand for what is supplied and owed. */
  readonly aToken: Hex
  readonly stableDebtToken: Hex
  readonly variableDebtToken: Hex
  readonly rateStrategy: Hex
}

async function deployMarket(transactor: Transactor): Promise<AaveMarket> {
  const { rpc, sender } = transactor
  const provider = addressesProvider()
  const providerAddress = await transactor.deploy(provider, ['APEX', sender])
  const tell = (what: string, ...values: readonly unknown[]): Promise<void> =>
    transactor.send(providerAddress, provider, what, values)
  await tell('setACLAdmin', sender)
  const aclManager = artifact('protocol/configuration', 'ACLManager')
  const acl = await transactor.deploy(aclManager, [providerAddress])
  await tell('setACLManager', acl)
  for (const role of ['addPoolAdmin', 'addAssetListingAdmin'])
    await transactor.send(acl, aclManager, role, [sender])

  const libraries = await deployLibraries(transactor)
  const pool = await transactor.deploy(linked(poolArtifact(), libraries), [
    providerAddress,
  ])
  const configurator = await transactor.deploy(
    linked(configuratorArtifact(), libraries),
  )
  // Each stands behind a proxy that the provider makes.
  await tell('setPoolImpl', pool)
  await tell('setPoolConfiguratorImpl', configurator)
  await transactor.flush()
  const [poolProxy] = await readContract(
    rpc,
    providerAddress,
    provider,
    'getPool',
  )
  const [configuratorProxy] = await readContract(
    rpc,
    providerAddress,
    provider,
    'getPoolConfigurator',
  )
  await transactor.send(
    configuratorProxy as Hex,
    configuratorArtifact(),
    'updateFlashloanPremiumTotal',
    [flashLoanPremiumBps],
  )
  const token = (name: string): Promise<Hex> =>
    transactor.deploy(artifact('protocol/tokenization', name), [poolProxy])
  return {
    pool: poolProxy as Hex,
    configurator: configuratorProxy as Hex,
    aToken: await token('AToken'),
    stableDebtToken: await token('StableDebtToken'),
    variableDebtToken: await token('VariableDebtToken'),
    // Nobody borrows over time: any curve of rates will do.
    rateStrategy: await transactor.deploy(
      artifact('protocol/pool', 'DefaultReserveInterestRateStrategy'),
      [
        providerAddress,
        (8n * ray) / 10n,
        0n,
        (4n * ray) / 100n,
        (75n * ray) / 100n,
        0n,
        0n,
        0n,
        0n,
        (2n * ray) / 10n,
      ],
    ),
  }
}

/** Address by name of the libraries that Pool and PoolConfigurator call. */
async function deployLibraries(
  transactor: Transactor,
): Promise<ReadonlyMap<string, Hex>> {
  const libraries = new Map<string, Hex>()
  for (const name of [
    'BorrowLogic',
    'BridgeLogic',
    'ConfiguratorLogic',
    'EModeLogic',
    'FlashLoanLogic',
    'LiquidationLogic',
    'PoolLogic',
    'SupplyLogic',
  ]) {
    const library = linked(artifact(logicFolder, name), libraries)
    libraries.set(name, await transactor.deploy(library))
  }
  return libraries
}

async function listReserve(
  transactor: Transactor,
  market: AaveMarket,
  token: Hex,
): Promise<void> {
  const { sender, rpc } = transactor
  const erc20 = erc20Artifact()
  const configurator = configuratorArtifact()
  const [decimals] = await readContract(rpc, token, erc20, 'decimals')
  await transactor.send(market.configurator, configurator, 'initReserves', [
    [
      {
        aTokenImpl: market.aToken,
        stableDebtTokenImpl: market.stableDebtToken,
        variableDebtTokenImpl: market.variableDebtToken,
        underlyingAssetDecimals: decimals,
        interestRateStrategyAddress: market.rateStrategy,
        underlyingAsset: token,
        treasury: sender,
        incentivesController: zeroAddress,
        aTokenName: 'Supplied',
        aTokenSymbol: 'aTOKEN',
        variableDebtTokenName: 'Variable debt',
        variableDebtTokenSymbol: 'vTOKEN',
        stableDebtTokenName: 'Stable debt',
        stableDebtTokenSymbol: 'sTOKEN',
        params: '0x',
      },
    ],
  ])
  await transactor.send(
    market.configurator,
    configurator,
    'setReserveFlashLoaning',
    [token, true],
  )
  await transactor.send(token, erc20, 'approve', [market.pool, unlimited])
}

/** Writes the addresses of libraries into code: solc leaves `__$` and 34 digits of a hash in their place. */
function linked(
  contract: Artifact,
  libraries: ReadonlyMap<string, Hex>,
): Artifact {
  let { bytecode } = contract as { bytecode: string }
  for (const [name, address] of libraries) {
    const fullName = `contracts/${logicFolder}/${name}.sol:${name}`
    const mark = `__$${id(fullName).slice(2, 36)}$__`
    bytecode = bytecode.replaceAll(mark, address.slice(2).toLowerCase())
  }
  return { ...contract, bytecode: bytecode as Hex }
}

function addressesProvider(): Artifact {
  return artifact('protocol/configuration', 'PoolAddressesProvider')
}

function poolArtifact(): Artifact {
  return artifact('protocol/pool', 'Pool')
}

function configuratorArtifact(): Artifact {
  return artifact('protocol/pool', 'PoolConfigurator')
}

function artifact(folder: string, name: string): Artifact {
  return publishedArtifact(
    '@aave/core-v3',
    `artifacts/contracts/${folder}/${name}.sol/${name}.json`,
  )
}
