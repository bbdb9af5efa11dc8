import { AbiCoder } from 'ethers'
import { zeroAddress } from '../../core/address.ts'
import type { Hex } from '../../core/hex.ts'
import type { StableState, WeightedState } from '../../engine/poolState.ts'
import type { Pool } from '../../market/pool.ts'
import type { Artifact } from './artifact.ts'
import {
  balancerV2Artifact,
  balancerV2Source,
  vaultOf,
} from './balancerV2Vault.ts'
import { WorldInvalidError } from './errors.ts'
import type { Deployment, Protocol, Setting } from './protocol.ts'
import { erc20Artifact } from './tokens.ts'
import { readContract } from './transactor.ts'

const weightedTask = '20230206-weighted-pool-v3'
const stableTask = '20230206-composable-stable-pool-v3'
const one = 10n ** 18n
const unlimited = (1n << 256n) - 1n
/** The first join of a pool: JoinKind.INIT. */
const initialJoin = 0
/** Shares that a composable pool mints to the Vault beforehand. */
const premintedShares = 1n << 111n
/** StablePool counts its amplification in thousandths. */
const amplificationPrecision = 1000n
/** SwapKind.GIVEN_IN. */
const givenIn = 0

/** Balancer V2: the Vault with weighted pools and composable stable pools of 2023. */
export const balancerV2: Protocol = {
  name: 'balancer-v2',
  families: ['weighted', 'stable'],
  async deploy(setting, name) {
    const { transactor } = setting
    const vault = await vaultOf(setting)
    const halfOfFees = one / 2n
    const feeProvider = await transactor.deploy(
      balancerV2Artifact(
        '20220725-protocol-fee-percentages-provider',
        'ProtocolFeePercentagesProvider',
      ),
      [vault, halfOfFees, halfOfFees],
    )
    const values = [vault, feeProvider, 'factory', 'pool']
    return balancerDeployment(setting, name, {
      vault,
      weighted: await transactor.deploy(weightedFactory(), values),
      stable: await transactor.deploy(stableFactory(), values),
    })
  },
}

type Addresses = {
  readonly vault: Hex
  /** Factories. */
  readonly weighted: Hex
  readonly stable: Hex
}

type BalancerPool = Pool & (WeightedState | StableState)

function balancerDeployment(
  setting: Setting,
  name: string,
  { vault, weighted, stable }: Addresses,
): Deployment {
  const { transactor, chainId } = setting
  const { rpc, sender } = transactor
  const approved = new Set<Hex>()

  const approve = async (token: Hex): Promise<void> => {
    if (approved.has(token)) return
    approved.add(token)
    const values = [vault, unlimited]
    await transactor.send(token, erc20Artifact(), 'approve', values)
  }
  const create = async (pool: BalancerPool): Promise<void> => {
    const tokens = tokensOf(pool)
    const none = tokens.map(() => zeroAddress)
    if (pool.family === 'weighted') {
      const values = ['Weighted', 'W', tokens, pool.weights, none]
      await transactor.send(weighted, weightedFactory(), 'create', [
        ...values,
        pool.swapFee,
        sender,
      ])
      return
    }
    await transactor.send(stable, stableFactory(), 'create', [
      'Stable',
      'S',
      tokens,
      pool.amplification / amplificationPrecision,
      none,
      tokens.map(() => 0n),
      tokens.map(() => false),
      pool.swapFee,
      sender,
    ])
  }
  /** The newest pools of a factory, in the order they were made in. */
  const madeBy = async (
    factory: Hex,
    contract: Artifact,
    count: number,
  ): Promise<Hex[]> => {
    const { topicHash } = contract.abi.getEvent('PoolCreated')!
    const filter = { address: factory, topics: [topicHash], fromBlock: '0x0' }
    const logs = (await rpc.request('eth_getLogs', [filter])) as readonly {
      readonly topics: readonly [Hex, Hex]
    }[]
    return logs
      .slice(logs.length - count)
      .map(({ topics }) => `0x${topics[1].slice(26)}` as Hex)
  }
  const join = async (pool: BalancerPool, address: Hex): Promise<void> => {
    const poolId = await idOf(address)
    const [tokens] = await readContract(
      rpc,
      vault,
      vaultArtifact(),
      'getPoolTokens',
      [poolId],
    )
    const own = new Map(
      tokensOf(pool).map((token, i) => [
        token.toLowerCase(),
        balances(pool)[i],
      ]),
    )
    const assets = [...(tokens as readonly Hex[])]
    // The pool's own shares are among its tokens.
    const amounts = assets.map(
      (token) => own.get(token.toLowerCase()) ?? premintedShares,
    )
    const userData = AbiCoder.defaultAbiCoder().encode(
      ['uint256', 'uint256[]'],
      [initialJoin, amounts],
    )
    await transactor.send(vault, vaultArtifact(), 'joinPool', [
      poolId,
      sender,
      sender,
      [assets, assets.map(() => unlimited), userData, false],
    ])
  }
  const idOf = async (address: Hex): Promise<Hex> => {
    const [id] = await readContract(rpc, address, weightedPool(), 'getPoolId')
    return id as Hex
  }

  return {
    dex: {
      name,
      chainId,
      protocol: 'balancer-v2',
      address: vault,
      verified: true,
      source: balancerV2Source,
    },

    reserve(pool) {
      if (pool.family === 'weighted')
        return pool.weights[0] + pool.weights[1] === one
          ? undefined
          : 'its weights are those of a pool of more than two tokens'
      return pool.family === 'stable'
        ? undefined
        : `${name} has no ${pool.family} pools`
    },

    async createPools(pools) {
      for (const pool of pools) await create(asBalancer(pool))
      for (const pool of pools)
        for (const token of tokensOf(asBalancer(pool))) await approve(token)
      await transactor.flush()
      const count = (family: string): number =>
        pools.filter((pool) => pool.family === family).length
      const made = {
        weighted: await madeBy(weighted, weightedFactory(), count('weighted')),
        stable: await madeBy(stable, stableFactory(), count('stable')),
      }
      const addresses: Hex[] = []
      for (const pool of pools.map(asBalancer)) {
        const address = made[pool.family].shift()!
        addresses.push(address)
        await join(pool, address)
      }
      await transactor.flush()
      return addresses
    },

    async readPool(pool) {
      const { address, tokens, family } = pool
      const poolId = await idOf(address)
      const contract = family === 'weighted' ? weightedPool() : stablePool()
      const read = (what: string): Promise<readonly unknown[]> =>
        readContract(rpc, address, contract, what)
      const held = await readContract(
        rpc,
        vault,
        vaultArtifact(),
        'getPoolTokens',
        [poolId],
      )
      const [swapFee] = (await read('getSwapFeePercentage')) as [bigint]
      const [factors] = (await read('getScalingFactors')) as [readonly bigint[]]
      const identity = { address, poolId, dex: name, tokens }
      const heldTokens = held[0] as readonly Hex[]
      const heldBalances = held[1] as readonly bigint[]
      if (family === 'weighted') {
        const [weights] = (await read('getNormalizedWeights')) as [
          readonly bigint[],
        ]
        return {
          ...identity,
          family,
          swapFee,
          reserves: pairOf(heldBalances),
          weights: pairOf(weights),
          scalingFactors: pairOf(factors),
          wholeExponents: 'multiplied',
        }
      }
      const [amplification] = (await read('getAmplificationParameter')) as [
        bigint,
      ]
      // The shares stand among tokens, balances and factors.
      const isOwn = (_: unknown, i: number): boolean =>
        heldTokens[i]!.toLowerCase() !== address.toLowerCase()
      const poolTokens = heldTokens.filter(isOwn)
      const place = (token: Hex): number =>
        poolTokens.findIndex((t) => t.toLowerCase() === token.toLowerCase())
      return {
        ...identity,
        poolTokens,
        family: 'stable',
        swapFee,
        amplification,
        balances: heldBalances.filter(isOwn),
        scalingFactors: factors.filter(isOwn),
        pair: [place(tokens[0]), place(tokens[1])],
      }
    },

    async swapCall({ pool, user, zeroForOne, amountIn }) {
      const [token0, token1] = pool.tokens
      const [tokenIn, tokenOut] = zeroForOne
        ? [token0, token1]
        : [token1, token0]
      const poolId = pool.poolId ?? (await idOf(pool.address))
      const data = vaultArtifact().abi.encodeFunctionData('swap', [
        [poolId, givenIn, tokenIn, tokenOut, amountIn, '0x'],
        [user, false, user, false],
        0n,
        unlimited,
      ]) as Hex
      return { to: vault, data, spender: vault }
    },
  }
}

function asBalancer(pool: Pool): BalancerPool {
  if (pool.family === 'weighted' || pool.family === 'stable') return pool
  throw new WorldInvalidError(`Balancer has no ${pool.family} pools`)
}

/** The tokens whose balances the state has, in its order. */
function tokensOf(pool: BalancerPool): readonly Hex[] {
  return pool.family === 'stable'
    ? (pool.poolTokens ?? pool.tokens)
    : pool.tokens
}

function balances(pool: BalancerPool): readonly bigint[] {
  return pool.family === 'stable' ? pool.balances : pool.reserves
}

function pairOf(values: readonly bigint[]): readonly [bigint, bigint] {
  return [values[0]!, values[1]!]
}

function vaultArtifact(): Artifact {
  return balancerV2Artifact('20210418-vault', 'Vault')
}

function weightedFactory(): Artifact {
  return balancerV2Artifact(weightedTask, 'WeightedPoolFactory')
}

function weightedPool(): Artifact {
  return balancerV2Artifact(weightedTask, 'WeightedPool')
}

function stableFactory(): Artifact {
  return balancerV2Artifact(stableTask, 'ComposableStablePoolFactory')
}

function stablePool(): Artifact {
  return balancerV2Artifact(stableTask, 'ComposableStablePool')
}
