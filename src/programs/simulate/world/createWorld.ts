import type { EmbeddedChain } from '../../../adapters/evm/embeddedChain.ts'
import {
  createTransactor,
  type Deployment,
  deployHelpers,
  erc20Artifact,
  genuineLenders,
  type LenderDeployment,
  type Setting,
  testToken,
  WorldInvalidError,
  weth9Artifact,
} from '../../../adapters/protocols/index.ts'
import { parsePoolAddress, zeroAddress } from '../../../core/address.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Market } from '../../../market/market.ts'
import { createMarket } from '../../../market/marketBuilder.ts'
import type { Pool } from '../../../market/pool.ts'
import type { Token } from '../../../market/token.ts'
import { deployTokens, readToken } from './deployTokens.ts'
import { deviationOf } from './deviationOf.ts'
import { type PlacedPool, placePools } from './placePools.ts'
import { setUpFees, Users } from './users.ts'
import type {
  Deviation,
  LenderName,
  UserSwap,
  World,
  WorldOptions,
} from './world.ts'

const deployer: Hex = '0xde910fe200000000000000000000000000000001'
/** Base units of every token that the deployer can give away. */
const stock = 1n << 128n
/** What each lender gets of every token. */
const lent = 1n << 100n
const unlimited = (1n << 256n) - 1n
const defaultLenders: readonly LenderName[] = ['balancer-v2']
const swapGas = '0x1e8480'
const defaultPriorityFee = 10n ** 9n
/** Above any base fee; a user pays the base fee only. */
const maxFeePerGas = 10n ** 13n

/**
 * Deploys the genuine contracts of the protocols that a market names, makes
 * its tokens and pools with them, and reads them back.
 *
 * @throws WorldInvalidError where a pool cannot be made with genuine contracts.
 * @throws PackageMissingError where the package of a protocol is not installed.
 * @example
 * const chain = await createEmbeddedChain({ automine: false })
 * const world = await createWorld({ chain, market: generateMarket({ pools: 60, tokens: 12 }) })
 * world.market.pools // with addresses on the chain
 */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { chain } = options
  return await chain.whileSettingUp(async () => {
    const { setting, tokens, addressOf } = await foundWorld(options)
    const asked = options.market.pools.map((pool) => movedPool(pool, addressOf))
    const placed = await placePools(setting, asked)
    const lenders = await deployLenders(setting, options, tokens)
    await setting.transactor.flush()
    const pools = await createPools(placed)

    const readMarket = marketReader(chain, setting, pools, tokens)
    const market = await readMarket()
    const mint = minter(chain, setting)
    const users = new Users(chain, mint)
    const deploymentOf = new Map(
      pools.map(({ asked, deployment }) => [asked.address, deployment]),
    )
    const swap = swapper(chain, market, deploymentOf, users)
    await prepareUsers(options.users ?? [], market, deploymentOf, users)
    await chain.mine()
    return {
      chain,
      market,
      dexes: [...new Set(placed.map(({ deployment }) => deployment.dex))],
      lenders: lenders.map(({ lender }) => lender),
      wrappedNative: setting.wrappedNative,
      multicall3: setting.helpers.multicall3,
      deployer,
      deviations: deviations(pools, market),
      mint,
      swap,
      async readPool(address) {
        const pool = market.pool(address)
        return await deploymentOf.get(pool.address)!.readPool(pool)
      },
      readMarket,
    }
  })
}

/** Tokens, helper contracts, and a deployer who has plenty of all and has approved the helpers. */
async function foundWorld({ chain, market }: WorldOptions): Promise<{
  readonly setting: Setting
  readonly tokens: readonly Hex[]
  readonly addressOf: ReadonlyMap<Hex, Hex>
}> {
  await chain.impersonate(deployer)
  await chain.setBalance(deployer, stock * 2n)
  const transactor = createTransactor(chain, deployer, () => chain.mine())
  const { addressOf, addresses, wrappedNative } = await deployTokens(
    transactor,
    market,
  )
  const helpers = await deployHelpers(transactor)
  const weth = weth9Artifact()
  for (const token of addresses) {
    if (token === wrappedNative)
      await transactor.send(token, weth, 'deposit', [], { value: stock })
    else await transactor.send(token, testToken, 'mint', [deployer, stock])
    for (const spender of [helpers.liquidityMinter, helpers.poolTrader])
      await transactor.send(token, weth, 'approve', [spender, unlimited])
  }
  await transactor.flush()
  const { chainId } = chain
  return {
    setting: { transactor, chainId, wrappedNative, helpers },
    tokens: addresses,
    addressOf,
  }
}

/** A pool with the world's tokens. */
function movedPool(pool: Pool, addressOf: ReadonlyMap<Hex, Hex>): Pool {
  const moved = (token: Hex): Hex => addressOf.get(token)!
  const { tokens, poolTokens } = pool
  return {
    ...pool,
    tokens: [moved(tokens[0]), moved(tokens[1])],
    ...(poolTokens && { poolTokens: poolTokens.map(moved) }),
  }
}

async function deployLenders(
  setting: Setting,
  { lenders: names = defaultLenders }: WorldOptions,
  tokens: readonly Hex[],
): Promise<readonly LenderDeployment[]> {
  const deployed: LenderDeployment[] = []
  for (const name of names) {
    const lender = genuineLenders.find((one) => one.name === name)
    if (!lender) throw new WorldInvalidError(`unknown lender ${name}`)
    const deployment = await lender.deploy(setting)
    for (const token of tokens) await deployment.fund(token, lent)
    deployed.push(deployment)
  }
  return deployed
}

/** Makes all pools; returns them in order, named by their addresses. */
async function createPools(
  placed: readonly PlacedPool[],
): Promise<readonly PlacedPool[]> {
  const addresses = new Map<PlacedPool, Hex>()
  for (const deployment of new Set(placed.map((pool) => pool.deployment))) {
    const own = placed.filter((pool) => pool.deployment === deployment)
    const made = await deployment.createPools(own.map(({ asked }) => asked))
    for (const [i, pool] of own.entries()) addresses.set(pool, made[i]!)
  }
  return placed.map((pool) => ({
    ...pool,
    asked: { ...pool.asked, address: parsePoolAddress(addresses.get(pool)) },
  }))
}

function marketReader(
  chain: EmbeddedChain,
  { chainId, wrappedNative }: Setting,
  pools: readonly PlacedPool[],
  addresses: readonly Hex[],
): World['readMarket'] {
  let tokens: Promise<readonly Token[]> | undefined
  return async () => {
    const block = (await chain.request('eth_getBlockByNumber', [
      'latest',
      false,
    ])) as { readonly number: Hex; readonly hash: Hex }
    const blockNumber = Number(block.number)
    tokens ??= Promise.all(addresses.map((token) => readToken(chain, token)))
    const read: Pool[] = []
    for (const { asked, deployment } of pools)
      read.push({ ...(await deployment.readPool(asked)), blockNumber })
    const hasNative = read.some((pool) => pool.tokens.includes(zeroAddress))
    return createMarket({
      chainId,
      blockNumber,
      blockHash: block.hash,
      wrappedNative,
      tokens: [...(hasNative ? [nativeToken] : []), ...(await tokens)],
      pools: read,
    })
  }
}

const nativeToken: Token = { address: zeroAddress, symbol: 'ETH', decimals: 18 }

function deviations(
  pools: readonly PlacedPool[],
  market: Market,
): readonly Deviation[] {
  return pools
    .map(({ asked }) => deviationOf(asked, market.pool(asked.address)))
    .filter((deviation) => deviation !== undefined)
}

function minter(chain: EmbeddedChain, setting: Setting): World['mint'] {
  return async (token, to, amount) => {
    if (token === zeroAddress) {
      const balance = await chain.request('eth_getBalance', [to, 'latest'])
      await chain.setBalance(to, BigInt(balance as Hex) + amount)
      return
    }
    const data =
      token === setting.wrappedNative
        ? erc20Artifact().abi.encodeFunctionData('transfer', [to, amount])
        : testToken.abi.encodeFunctionData('mint', [to, amount])
    await chain.request('eth_sendTransaction', [
      { from: deployer, to: token, data, gas: mintGas, ...setUpFees },
    ])
  }
}

const mintGas = '0x186a0'

async function prepareUsers(
  accounts: readonly Hex[],
  market: Market,
  deploymentOf: ReadonlyMap<Hex, Deployment>,
  users: Users,
): Promise<void> {
  for (const user of accounts)
    for (const pool of market.pools)
      for (const zeroForOne of [true, false]) {
        const deployment = deploymentOf.get(pool.address)!
        const request = { pool, user, zeroForOne, amountIn: 1n }
        const { spender } = await deployment.swapCall(request)
        await users.prepare(user, pool.tokens[zeroForOne ? 0 : 1], spender)
      }
}

function swapper(
  chain: EmbeddedChain,
  market: Market,
  deploymentOf: ReadonlyMap<Hex, Deployment>,
  users: Users,
): World['swap'] {
  return async (request: UserSwap) => {
    const { user, tokenIn, amountIn } = request
    const pool = market.pool(request.pool)
    const token = market.token(tokenIn).address
    if (!pool.tokens.includes(token))
      throw new WorldInvalidError(
        `pool ${pool.address} does not trade ${token}`,
        { facts: { pool: pool.address, token } },
      )
    const zeroForOne = token === pool.tokens[0]
    const { to, data, value, spender } = await deploymentOf
      .get(pool.address)!
      .swapCall({ pool, user, zeroForOne, amountIn })
    await users.prepare(user, token, spender)
    const hash = await chain.request('eth_sendTransaction', [
      {
        from: user,
        to,
        data,
        ...(value === undefined ? {} : { value: toQuantity(value) }),
        gas: swapGas,
        maxFeePerGas: toQuantity(maxFeePerGas),
        maxPriorityFeePerGas: toQuantity(
          request.priorityFeePerGas ?? defaultPriorityFee,
        ),
      },
    ])
    return hash as Hex
  }
}

function toQuantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
