import { AbiCoder, keccak256 } from 'ethers'
import { zeroAddress } from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import type { ConcentratedState } from '../../engine/poolState.ts'
import {
  getTickAtSqrtRatio,
  maxSqrtRatio,
  maxTick,
  minSqrtRatio,
  minTick,
} from '../../engine/reference/tickMath.ts'
import type { Pool } from '../../market/pool.ts'
import { type Artifact, publishedArtifact } from './artifact.ts'
import { asConcentrated, readTicks } from './concentratedPools.ts'
import { positionsOf } from './positions.ts'
import type {
  Deployment,
  GenuineLender,
  Protocol,
  Setting,
} from './protocol.ts'
import { erc20Artifact } from './tokens.ts'
import { readContract } from './transactor.ts'

const source = 'bytecode of npm @uniswap/v4-core 1.0.2'
const keyType =
  'tuple(address currency0, address currency1, uint24 fee, int24 tickSpacing, address hooks)'
const modifyLiquidity =
  'modifyLiquidity((address,address,uint24,int24,address),(int24,int24,int256,bytes32),bytes)'
const noSalt = `0x${'0'.repeat(64)}`
const unlimited = (1n << 256n) - 1n
/** Pays for moving the price by the last digit. */
const nudgeAmount = 1n << 64n
/** Native coins sent along with a position; what is not needed comes back. */
const nativeStock = 1n << 112n

/**
 * Uniswap V4's PoolManager, StateView and V4Quoter; users and the deployer
 * go through the routers that its team published with it. Pools without
 * hooks, named by their 32-byte ids: as an id is the hash of a pool's key, a
 * second pool of one key has no place even in another PoolManager.
 */
export const uniswapV4: Protocol = {
  name: 'uniswap-v4',
  families: ['concentrated'],
  async deploy(setting, name) {
    const { transactor } = setting
    const manager = await managerOf(setting)
    const at = async (artifact: Artifact): Promise<Hex> =>
      await transactor.deploy(artifact, [manager])
    const addresses: Addresses = {
      manager,
      minter: await at(liquidityRouter()),
      swapper: await at(swapRouter()),
      view: await at(stateView()),
    }
    const quoter = await at(periphery('V4Quoter'))
    return v4Deployment(setting, name, addresses, quoter)
  },
}

/** The PoolManager as a lender of what it holds, for no premium. */
export const uniswapV4Manager: GenuineLender = {
  name: 'uniswap-v4',
  async deploy(setting) {
    const { transactor, chainId } = setting
    const address = await managerOf(setting)
    return {
      lender: {
        name: 'uniswap-v4',
        chainId,
        kind: 'uniswapV4',
        address,
        verified: true,
        source,
      },
      async fund(token, amount) {
        const values = [address, amount]
        await transactor.send(token, erc20Artifact(), 'transfer', values)
      },
    }
  },
}

type Addresses = {
  readonly manager: Hex
  readonly minter: Hex
  readonly swapper: Hex
  readonly view: Hex
}

function v4Deployment(
  setting: Setting,
  name: string,
  { manager, minter, swapper, view }: Addresses,
  quoter: Hex,
): Deployment {
  const { transactor, chainId } = setting
  const { rpc } = transactor
  const taken = takenIds.get(setting) ?? new Set()
  takenIds.set(setting, taken)
  const approved = new Set<Hex>()

  const approve = async (token: Hex): Promise<void> => {
    if (token === zeroAddress || approved.has(token)) return
    approved.add(token)
    for (const spender of [minter, swapper]) {
      const values = [spender, unlimited]
      await transactor.send(token, erc20Artifact(), 'approve', values)
    }
  }
  const fill = async (pool: Pool & ConcentratedState): Promise<void> => {
    const key = keyOf(pool)
    const { sqrtPriceX96, tick } = pool
    // The tick below the price's is that of a swap which came down to its border.
    const isReachedFromAbove = tick === getTickAtSqrtRatio(sqrtPriceX96) - 1
    const price = sqrtPriceX96 + (isReachedFromAbove ? 1n : 0n)
    await transactor.send(manager, poolManager(), 'initialize', [key, price])
    const value = pool.tokens[0] === zeroAddress ? nativeStock : 0n
    for (const { tickLower, tickUpper, liquidity } of positionsOf(pool))
      await transactor.send(
        minter,
        liquidityRouter(),
        modifyLiquidity,
        [key, [tickLower, tickUpper, liquidity, noSalt], '0x'],
        { value },
      )
    if (isReachedFromAbove)
      await transactor.send(
        swapper,
        swapRouter(),
        'swap',
        [key, [true, -nudgeAmount, sqrtPriceX96], swapSettings, '0x'],
        { value },
      )
  }

  return {
    dex: {
      name,
      chainId,
      protocol: 'uniswap-v4',
      address: manager,
      quoter,
      verified: true,
      source,
    },

    reserve(pool) {
      if (pool.family !== 'concentrated')
        return `${name} has no ${pool.family} pools`
      const id = idOf(pool)
      if (taken.has(id)) return 'the PoolManager has a pool of the same key'
      taken.add(id)
      return undefined
    },

    async createPools(pools) {
      for (const pool of pools) {
        for (const token of pool.tokens) await approve(token)
        await fill(asConcentrated(pool))
      }
      await transactor.flush()
      return pools.map((pool) => idOf(asConcentrated(pool)))
    },

    async readPool(pool) {
      const { address: id, tokens } = pool
      const { feePips, tickSpacing } = asConcentrated(pool)
      const read = (what: string, ...values: readonly unknown[]) =>
        readContract(rpc, view, stateView(), what, [id, ...values])
      const [sqrtPriceX96, tick] = await read('getSlot0')
      const [liquidity] = await read('getLiquidity')
      return {
        address: id,
        dex: name,
        tokens,
        family: 'concentrated',
        // The id is the hash of both: they cannot be others.
        feePips,
        tickSpacing,
        sqrtPriceX96: sqrtPriceX96 as bigint,
        tick: Number(tick),
        liquidity: liquidity as bigint,
        ticks: await readTicks(rpc, {
          address: manager,
          contract: poolManager(),
          event: 'ModifyLiquidity',
          poolId: id,
          read: (at) => read('getTickLiquidity', at),
        }),
        knownTicks: [minTick, maxTick],
      }
    },

    async swapCall({ pool, zeroForOne, amountIn }) {
      const limit = zeroForOne ? minSqrtRatio + 1n : maxSqrtRatio - 1n
      const data = swapRouter().abi.encodeFunctionData('swap', [
        keyOf(asConcentrated(pool)),
        // In V4 a negative amount is what is sold.
        [zeroForOne, -amountIn, limit],
        swapSettings,
        '0x',
      ]) as Hex
      const sellsNative = zeroForOne && pool.tokens[0] === zeroAddress
      return {
        to: swapper,
        data,
        spender: swapper,
        ...(sellsNative ? { value: amountIn } : {}),
      }
    },
  }
}

/** `takeClaims`, `settleUsingBurn`: tokens change hands, no claims on them. */
const swapSettings = [false, false] as const

const takenIds = new WeakMap<Setting, Set<Hex>>()
const managers = new WeakMap<Setting, Promise<Hex>>()

/** The PoolManager of a setting: one, for pools and loans. Queued when first asked for. */
function managerOf(setting: Setting): Promise<Hex> {
  const { transactor } = setting
  const manager =
    managers.get(setting) ??
    transactor.deploy(poolManager(), [transactor.sender])
  managers.set(setting, manager)
  return manager
}

function keyOf(pool: Pool & ConcentratedState): readonly unknown[] {
  return [...pool.tokens, pool.feePips, pool.tickSpacing, zeroAddress]
}

/** keccak256(abi.encode(key)), as PoolIdLibrary has it. */
function idOf(pool: Pool & ConcentratedState): Hex {
  const coder = AbiCoder.defaultAbiCoder()
  return keccak256(coder.encode([keyType], [keyOf(pool)])) as Hex
}

function poolManager(): Artifact {
  return core('PoolManager')
}

function liquidityRouter(): Artifact {
  return core('PoolModifyLiquidityTest')
}

function swapRouter(): Artifact {
  return core('PoolSwapTest')
}

function stateView(): Artifact {
  return periphery('StateView')
}

function core(name: string): Artifact {
  return publishedArtifact('@uniswap/v4-core', `out/${name}.sol/${name}.json`)
}

function periphery(name: string): Artifact {
  return publishedArtifact(
    '@uniswap/v4-periphery',
    `foundry-out/${name}.sol/${name}.json`,
  )
}
