import {
  createTransactor,
  makeArtifact,
  publishedArtifact,
  testToken,
} from '../../src/adapters/protocols/index.ts'
import { multicall3 } from '../../src/adapters/protocols/multicall3.ts'
import type { Hex } from '../../src/core/hex.ts'
import { getSqrtRatioAtTick } from '../../src/engine/reference/tickMath.ts'
import type { Dex } from '../../src/market/dex.ts'
import { type Anvil, startAnvil } from '../../test/support/anvil.ts'
import { compileContract } from '../../test/support/solc.ts'
import { createRandom } from './random.ts'

/** A node with genuine Uniswap pools, many. */
export type PoolFarm = {
  readonly anvil: Anvil
  readonly dexes: readonly Dex[]
  readonly multicall3: Hex
}

export type PoolFarmOptions = {
  readonly pairs: number
  readonly pools: number
  readonly tokens: number
  /** Liquidity positions of a pool with ticks; each has its own two ticks. */
  readonly positions: number
  readonly seed: number
}

const farmer: Hex = '0x00000000000000000000000000000000000fa43e'
const chainId = 31_337
/** What a transaction of the farm makes within its gas. */
const pairsPerSend = 12
const poolsPerSend = 4
/** Transactions in a block: the node hashes its whole state after each. */
const sendsPerBlock = 60
const tiers = [
  { fee: 3000, spacing: 60 },
  { fee: 10_000, spacing: 200 },
] as const

const farm = makeArtifact(
  'PoolFarm',
  [
    'function makePairs(address factory, (address tokenA, address tokenB, uint256 amountA, uint256 amountB)[] pairs)',
    'function makePools(address factory, (address tokenA, address tokenB, uint24 fee, uint160 sqrtPriceX96, int24[] ticks, uint128 liquidity)[] pools)',
  ],
  compileContract('solc', 'PoolFarm.sol', 'PoolFarm'),
)

/** Starts the node and has the factories of Uniswap V2 and V3 make the pools; `anvil.stop()` ends it. */
export async function createPoolFarm(
  options: PoolFarmOptions,
): Promise<PoolFarm> {
  const anvil = await startAnvil(chainId)
  await anvil.impersonate(farmer)
  await anvil.setBalance(farmer, 1n << 120n)
  const transactor = createTransactor(anvil, farmer, () => anvil.mine())
  const v2 = publishedArtifact(
    '@uniswap/v2-core',
    'build/UniswapV2Factory.json',
  )
  const v3 = publishedArtifact(
    '@uniswap/v3-core',
    'artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json',
  )
  const [pairFactory, poolFactory, farmAddress, multicall] = [
    await transactor.deploy(v2, [farmer]),
    await transactor.deploy(v3),
    await transactor.deploy(farm),
    await transactor.deploy(multicall3),
  ]
  const tokens: Hex[] = []
  for (let i = 0; i < options.tokens; i++)
    tokens.push(await transactor.deploy(testToken, [`T${i}`, `T${i}`, 18]))
  await transactor.flush()

  const random = createRandom(options.seed)
  const makeAll = async (
    name: string,
    factory: Hex,
    all: readonly unknown[],
    perSend: number,
  ): Promise<void> => {
    for (let i = 0, sends = 0; i < all.length; i += perSend) {
      const some = all.slice(i, i + perSend)
      await transactor.send(farmAddress, farm, name, [factory, some])
      sends += 1
      if (sends % sendsPerBlock === 0) await transactor.flush()
    }
    await transactor.flush()
  }
  const couples = couplesOf(tokens)
  const pairs = couples
    .slice(0, options.pairs)
    .map(([a, b]) => [a, b, reserve(random), reserve(random)])
  await makeAll('makePairs', pairFactory, pairs, pairsPerSend)
  const pools = couples
    .slice(0, options.pools)
    .map(([a, b], i) =>
      drawPool(a, b, tiers[i % tiers.length]!, options, random),
    )
  await makeAll('makePools', poolFactory, pools, poolsPerSend)

  const dex = {
    chainId,
    verified: true,
    source: 'bytecode of npm @uniswap/v2-core 1.0.1 and v3-core 1.0.1',
  }
  return {
    anvil,
    dexes: [
      {
        ...dex,
        name: 'uniswap-v2',
        protocol: 'uniswap-v2',
        address: pairFactory,
        feePips: 3000,
      },
      {
        ...dex,
        name: 'uniswap-v3',
        protocol: 'uniswap-v3',
        address: poolFactory,
      },
    ],
    multicall3: multicall,
  }
}

function couplesOf(tokens: readonly Hex[]): readonly (readonly [Hex, Hex])[] {
  return tokens.flatMap((a, i) =>
    tokens.slice(i + 1).map((b) => [a, b] as const),
  )
}

function reserve(random: () => number): bigint {
  return BigInt(Math.floor(10 ** (2 + 4 * random()))) * 10n ** 18n
}

function drawPool(
  a: Hex,
  b: Hex,
  { fee, spacing }: (typeof tiers)[number],
  { positions }: PoolFarmOptions,
  random: () => number,
): readonly unknown[] {
  const price = Math.floor((random() - 0.5) * 20_000)
  const middle = Math.floor(price / spacing)
  const ticks = Array.from({ length: positions }, (_, i) => [
    (middle - 1 - i - Math.floor(random() * 40)) * spacing,
    (middle + 2 + i + Math.floor(random() * 40)) * spacing,
  ]).flat()
  return [a, b, fee, getSqrtRatioAtTick(price), ticks, reserve(random)]
}
