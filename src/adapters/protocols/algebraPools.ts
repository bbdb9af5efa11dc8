import type { Hex } from '../../core/hex.ts'
import { minSqrtRatio } from '../../engine/reference/tickMath.ts'
import type { Pool } from '../../market/pool.ts'
import { type Artifact, publishedArtifact } from './artifact.ts'
import {
  asConcentrated,
  fillPool,
  type PoolDialect,
  poolSwapCall,
  readPoolState,
} from './concentratedPools.ts'
import { poolTrader } from './helpers.ts'
import type { Deployment, Setting } from './protocol.ts'
import { readContract } from './transactor.ts'

/** What differs between the versions of Algebra. */
export type AlgebraOptions = {
  /** Name of the DEX it becomes. */
  readonly name: string
  /** Name of the {@link Dex.protocol}. */
  readonly protocol: string
  readonly packageName: string
  readonly source: string
  /** Pips. */
  readonly maxFee: number
  /** Constructor arguments of the deployer of pools. */
  deployerValues(factory: Hex): readonly unknown[]
  /** Queues what the next pool must find in the factory when it is made. */
  beforeCreate?(factory: Hex, contract: Artifact, terms: Terms): Promise<void>
  /** `createPool` takes this after the tokens. */
  readonly createValues: readonly unknown[]
  /** Queues what the next pool must find in the factory when it is given its price. */
  beforeInitialize?(
    factory: Hex,
    contract: Artifact,
    terms: Terms,
  ): Promise<void>
  /** Queues what a pool can be told only once it has a price. */
  afterInitialize?(pool: Hex, contract: Artifact, terms: Terms): Promise<void>
  /** The fee asked for is in force from the first swap of a later block on. */
  readonly needsSwap: boolean
}

type Terms = { readonly feePips: number; readonly tickSpacing: number }

const maxTickSpacing = 500

/** Deploys an Algebra factory with its deployer of pools. */
export async function deployAlgebra(
  setting: Setting,
  options: AlgebraOptions,
): Promise<Deployment> {
  const { transactor, chainId } = setting
  const { rpc } = transactor
  const artifact = (name: string): Artifact =>
    publishedArtifact(
      options.packageName,
      `artifacts/contracts/${name}.sol/${name}.json`,
    )
  const factory = artifact('AlgebraFactory')
  const poolContract = artifact('AlgebraPool')
  // Each is told the other's address when it is made.
  const [, factoryAddress] = await transactor.nextAddresses(2)
  const deployer = await transactor.deploy(
    artifact('AlgebraPoolDeployer'),
    options.deployerValues(factoryAddress!),
  )
  const address = await transactor.deploy(factory, [deployer])
  const { beforeCreate, beforeInitialize, afterInitialize } = options
  const dialect: PoolDialect = {
    pool: poolContract,
    slotFunction: 'globalState',
    mintFunction: 'mintAlgebra',
    ...(beforeInitialize && {
      beforeInitialize: (state) => beforeInitialize(address, factory, state),
    }),
    ...(afterInitialize && {
      afterInitialize: (pool, state) =>
        afterInitialize(pool, poolContract, state),
    }),
  }
  const taken = new Set<string>()

  return {
    dex: {
      name: options.name,
      chainId,
      protocol: options.protocol,
      address,
      verified: true,
      source: options.source,
    },

    reserve(pool) {
      if (pool.family !== 'concentrated')
        return `${options.name} has no ${pool.family} pools`
      const { feePips, tickSpacing, tokens } = pool
      if (feePips > options.maxFee)
        return `its fees are at most ${options.maxFee} pips, not ${feePips}`
      if (tickSpacing > maxTickSpacing)
        return `its tick spacings are at most ${maxTickSpacing}, not ${tickSpacing}`
      if (taken.has(tokens.join()))
        return 'the factory makes one pool of two tokens'
      taken.add(tokens.join())
      return undefined
    },

    async createPools(pools) {
      for (const pool of pools) {
        await beforeCreate?.(address, factory, asConcentrated(pool))
        const values = [...pool.tokens, ...options.createValues]
        await transactor.send(address, factory, 'createPool', values)
      }
      await transactor.flush()
      const addresses: Hex[] = []
      for (const pool of pools) {
        const made = await poolOf(pool)
        addresses.push(made)
        await fillPool(setting, dialect, made, asConcentrated(pool))
      }
      await transactor.flush()
      if (options.needsSwap) await settleFees(addresses)
      return addresses
    },

    async readPool(pool) {
      const contract = pool.address
      const slot = await readContract(
        rpc,
        contract,
        poolContract,
        'globalState',
      )
      const [spacing] = await readContract(
        rpc,
        contract,
        poolContract,
        'tickSpacing',
      )
      const state = await readPoolState(rpc, dialect, contract, {
        feePips: Number(feeIn(slot)),
        tickSpacing: Number(spacing),
      })
      const { tokens } = pool
      const { name } = options
      return {
        address: contract,
        dex: name,
        tokens,
        ...state,
        tickSearch: 'list',
      }
    },

    async swapCall(swap) {
      return poolSwapCall(setting, swap)
    },
  }

  /** One base unit is all fee: the price stays. */
  async function settleFees(pools: readonly Hex[]): Promise<void> {
    for (const pool of pools) {
      const values = [pool, true, 1n, minSqrtRatio + 1n]
      const { poolTrader: trader } = setting.helpers
      await transactor.send(trader, poolTrader, 'swapPool', values)
    }
    await transactor.flush()
  }

  async function poolOf({ tokens }: Pool): Promise<Hex> {
    const [made] = await readContract(
      rpc,
      address,
      factory,
      'poolByPair',
      tokens,
    )
    return made as Hex
  }
}

/** `fee` in V1, `lastFee` in Integral. */
function feeIn(slot: readonly unknown[]): unknown {
  const named = slot as { readonly fee?: unknown; readonly lastFee?: unknown }
  return named.fee ?? named.lastFee
}
