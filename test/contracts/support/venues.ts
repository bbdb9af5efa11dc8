import {
  type Artifact,
  publishedArtifact,
} from '../../../src/adapters/protocols/artifact.ts'
import { liquidityMinter } from '../../../src/adapters/protocols/helpers.ts'
import { pairArtifact } from '../../../src/adapters/protocols/pairs.ts'
import type { ExecutorHop } from '../../../src/contracts/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { type Contract, owner, type TestChain } from './chain.ts'
import { testArtifact } from './compile.ts'
import { balancerHop, solidlyHop, v2Hop, v3Hop, v4Hop, zero } from './plans.ts'
import { words } from './puppets.ts'

/** A pool of two tokens with the hop that trades through it. */
export type Venue = {
  readonly name: string
  readonly address: Hex
  hop(tokenIn: Contract, tokenOut: Contract): ExecutorHop
}

/** Base units in a pool: enough that a trade of one unit hardly moves the price. */
export const stock: bigint = 10n ** 22n

const sqrtPriceOne = 1n << 96n
const addLiquidity =
  'modifyLiquidity((address,address,uint24,int24,address),(int24,int24,int256,bytes32),bytes)'

/** A genuine Uniswap V2 pair; it takes `ratio` percent as much of the second token as of the first. */
export async function pairVenue(
  chain: TestChain,
  first: Contract,
  second: Contract,
  ratio: bigint,
): Promise<Venue> {
  const factory = await chain.deploy(
    publishedArtifact('@uniswap/v2-core', 'build/UniswapV2Factory.json'),
    [zero],
  )
  await factory.send('createPair', [first.address, second.address])
  const address = await factory.read('getPair', [first.address, second.address])
  const pair = chain.at(pairArtifact(), address)
  await first.send('mint', [address, stock])
  await second.send('mint', [address, (stock * ratio) / 100n])
  await pair.send('mint', [owner])
  return {
    name: 'v2',
    address,
    hop: (tokenIn, tokenOut) =>
      v2Hop({
        target: address,
        tokenOut: tokenOut.address,
        zeroForOne: isBelow(tokenIn, tokenOut),
      }),
  }
}

/** An independent Solidly pair at a price of one. */
export async function solidlyVenue(
  chain: TestChain,
  first: Contract,
  second: Contract,
): Promise<Venue> {
  const pair = await chain.deploy(testArtifact('SolidlyPair'), [
    first.address,
    second.address,
  ])
  for (const token of [first, second])
    await token.send('mint', [pair.address, stock])
  await pair.send('sync')
  return {
    name: 'solidly',
    address: pair.address,
    hop: (tokenIn, tokenOut) =>
      solidlyHop({
        target: pair.address,
        tokenOut: tokenOut.address,
        zeroForOne: isBelow(tokenIn, tokenOut),
      }),
  }
}

/** A genuine Uniswap V3 pool at a price of one. */
export async function v3Venue(
  chain: TestChain,
  first: Contract,
  second: Contract,
): Promise<Venue> {
  const core = '@uniswap/v3-core'
  const factory = await chain.deploy(
    publishedArtifact(
      core,
      'artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json',
    ),
  )
  const key = [first.address, second.address, 3000]
  await factory.send('createPool', key)
  const address: Hex = await factory.read('getPool', key)
  const pool = chain.at(
    publishedArtifact(
      core,
      'artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json',
    ),
    address,
  )
  await pool.send('initialize', [sqrtPriceOne])
  const minter = await chain.deploy(liquidityMinter)
  await fund(first, second, minter.address)
  await minter.send('mintUniswap', [address, [[-6000, 6000, stock]]])
  return {
    name: 'v3',
    address,
    hop: (tokenIn, tokenOut) =>
      v3Hop({
        target: address,
        tokenOut: tokenOut.address,
        zeroForOne: isBelow(tokenIn, tokenOut),
      }),
  }
}

/** A pool of Uniswap V4's genuine PoolManager at a price of one. */
export async function v4Venue(
  chain: TestChain,
  first: Contract,
  second: Contract,
  hooks: Hex = zero,
): Promise<Venue> {
  const manager = await chain.deploy(v4Artifact('PoolManager'), [owner])
  const router = await chain.deploy(v4Artifact('PoolModifyLiquidityTest'), [
    manager.address,
  ])
  const [token0, token1] = isBelow(first, second)
    ? [first, second]
    : [second, first]
  const key = [token0.address, token1.address, 3000, 60, hooks]
  await manager.send('initialize', [key, sqrtPriceOne])
  await fund(first, second, router.address)
  await router.send(addLiquidity, [
    key,
    [-6000, 6000, stock, `0x${'00'.repeat(32)}`],
    '0x',
  ])
  return {
    name: 'v4',
    address: manager.address,
    hop: (tokenIn, tokenOut) =>
      v4Hop({
        target: manager.address,
        tokenOut: tokenOut.address,
        zeroForOne: isBelow(tokenIn, tokenOut),
        hooks,
      }),
  }
}

/** A pool of Uniswap V4 that holds the native coin itself, where the plan has `weth`, at a price of one. */
export async function nativeVenue(
  chain: TestChain,
  weth: Contract,
  token: Contract,
): Promise<Venue> {
  const manager = await chain.deploy(v4Artifact('PoolManager'), [owner])
  const router = await chain.deploy(v4Artifact('PoolModifyLiquidityTest'), [
    manager.address,
  ])
  const key = [zero, token.address, 3000, 60, zero]
  await manager.send('initialize', [key, sqrtPriceOne])
  await token.send('mint', [owner, stock])
  await token.send('approve', [router.address, stock])
  const position = [-6000, 6000, stock, `0x${'00'.repeat(32)}`]
  await router.send(addLiquidity, [key, position, '0x'], { value: stock })
  return {
    name: 'v4 native',
    address: manager.address,
    hop: (tokenIn, tokenOut) =>
      v4Hop({
        target: manager.address,
        tokenOut: tokenOut.address,
        zeroForOne: tokenIn === weth,
        native: true,
      }),
  }
}

/** Balancer V2's genuine Vault with a pool that gives `gain` percent more than it gets. */
export async function vaultVenue(
  chain: TestChain,
  first: Contract,
  second: Contract,
  gain = 0,
): Promise<Venue> {
  const vault = await chain.deploy(
    publishedArtifact(
      '@balancer-labs/v2-deployments',
      'dist/tasks/20210418-vault/artifact/Vault.json',
    ),
    [owner, first.address, 0, 0],
  )
  const pool = await chain.deploy(testArtifact('VaultPool'), [
    vault.address,
    first.address,
    second.address,
    gain,
  ])
  await fund(first, second, vault.address)
  const poolId: Hex = await pool.read('poolId')
  const amounts = [stock, stock]
  const assets = isBelow(first, second)
    ? [first.address, second.address]
    : [second.address, first.address]
  await vault.send('joinPool', [
    poolId,
    owner,
    owner,
    [assets, amounts, words(['uint256[]'], [amounts]), false],
  ])
  return {
    name: 'balancerV2',
    address: vault.address,
    hop: (tokenIn, tokenOut) =>
      balancerHop({
        target: vault.address,
        tokenOut: tokenOut.address,
        zeroForOne: isBelow(tokenIn, tokenOut),
        poolId,
      }),
  }
}

function v4Artifact(name: string): Artifact {
  return publishedArtifact('@uniswap/v4-core', `out/${name}.sol/${name}.json`)
}

function isBelow(a: Contract, b: Contract): boolean {
  return BigInt(a.address) < BigInt(b.address)
}

async function fund(
  first: Contract,
  second: Contract,
  spender: Hex,
): Promise<void> {
  for (const token of [first, second]) {
    await token.send('mint', [owner, stock * 4n])
    await token.send('approve', [spender, stock * 4n])
  }
}
