import { Interface } from 'ethers'
import { describe, expect, it } from 'vitest'
import {
  dexProtocol,
  readBlockLogs,
} from '../../../src/adapters/dexes/index.ts'
import type { Hex } from '../../../src/core/hex.ts'
import type { Log } from '../../../src/core/rpc.ts'
import {
  getSqrtRatioAtTick,
  maxTick,
  minTick,
} from '../../../src/engine/reference/tickMath.ts'
import type { DexProtocol } from '../../../src/market/dex.ts'
import type { PoolChange } from '../../../src/market/marketBlock.ts'
import type { Pool } from '../../../src/market/pool.ts'
import { checkedPool } from '../../../src/market/pools/index.ts'
import { expectRoundTrip } from './suite.ts'

const address = '0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc'
const token0 = `0x${'11'.repeat(20)}` as const
const token1 = `0x${'22'.repeat(20)}` as const
const somebody = `0x${'33'.repeat(20)}` as const

const concentrated: Pool = {
  address,
  dex: 'slipstream',
  tokens: [token0, token1],
  family: 'concentrated',
  feePips: 500,
  tickSpacing: 10,
  sqrtPriceX96: getSqrtRatioAtTick(5),
  tick: 5,
  liquidity: 1000n,
  ticks: [
    [-100, 1000n],
    [0, 0n],
    [100, -1000n],
  ],
  knownTicks: [-200, 200],
}

describe('pools of a kind nobody has published', () => {
  const solidly = new Interface(['event Sync(uint256, uint256)'])
  const narrow = new Interface(['event Sync(uint112, uint112)'])
  const pair = (family: 'solidlyStable' | 'solidlyVolatile'): Pool => ({
    address,
    dex: 'aerodrome-v2',
    tokens: [token0, token1],
    family,
    feePips: 100,
    reserves: [1n, 1n],
    decimals: [18, 18],
  })

  it('solidly: wide and narrow words tell the reserves', () => {
    const protocol = dexProtocol('solidly')
    for (const abi of [solidly, narrow]) {
      const log = encode(abi, 'Sync', [5n, 7n])
      expect(protocol.topics).toContain(log.topics[0])
      expect(protocol.changeOf(pair('solidlyStable'), log)).toEqual({
        pool: address,
        reserves: [5n, 7n],
      })
    }
  })

  it('solidly and slipstream: hops survive the packed plan', () => {
    const dex = {
      name: 'x',
      chainId: 1,
      address,
      verified: true,
      source: 'x',
    } as const
    expectRoundTrip({ ...dex, protocol: 'solidly' }, [
      pair('solidlyStable'),
      pair('solidlyVolatile'),
    ])
    expectRoundTrip({ ...dex, protocol: 'slipstream' }, [concentrated])
  })
})

describe('slipstream, by its own events', () => {
  const abi = new Interface([
    'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
    'event Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
    'event Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  ])
  const protocol = dexProtocol('slipstream')
  const changed = (
    name: string,
    values: readonly unknown[],
    pool: Pool = concentrated,
  ): PoolChange | undefined =>
    protocol.changeOf(pool, encode(abi, name, values))
  const minted = (lower: number, upper: number, amount: bigint, pool?: Pool) =>
    changed('Mint', [somebody, somebody, lower, upper, amount, 0n, 0n], pool)
  const burnt = (lower: number, upper: number, amount: bigint, pool?: Pool) =>
    changed('Burn', [somebody, lower, upper, amount, 0n, 0n], pool)
  const swapped = (tick: number) =>
    changed('Swap', [
      somebody,
      somebody,
      -1n,
      1n,
      getSqrtRatioAtTick(tick),
      77n,
      tick,
    ])

  it('a swap sets price, tick and liquidity', () => {
    expect(swapped(-90)).toEqual({
      pool: address,
      sqrtPriceX96: getSqrtRatioAtTick(-90),
      tick: -90,
      liquidity: 77n,
    })
  })

  it('a swap out of the known ticks leaves one spacing known', () => {
    expect(swapped(-205)).toMatchObject({
      ticks: [],
      knownTicks: [-210, -200],
    })
    expect(swapped(209)).toMatchObject({ ticks: [], knownTicks: [200, 210] })
    expect(swapped(maxTick - 1)?.knownTicks).toEqual([887_270, maxTick])
    expect(swapped(minTick)?.knownTicks).toEqual([minTick, -887_270])
  })

  it('a position round the price counts at once', () => {
    expect(minted(-50, 50, 7n)).toEqual({
      pool: address,
      liquidity: 1007n,
      ticks: [
        [-100, 1000n],
        [-50, 7n],
        [0, 0n],
        [50, -7n],
        [100, -1000n],
      ],
    })
  })

  it('the upper tick is not in its range, the lower is', () => {
    expect(minted(-50, 0, 7n)).not.toHaveProperty('liquidity')
    expect(minted(10, 50, 7n)).not.toHaveProperty('liquidity')
    expect(minted(0, 10, 7n)?.liquidity).toBe(1007n)
  })

  it('a tick stays where what is added cancels its net, and goes with its last position', () => {
    expect(minted(100, 110, 1000n)?.ticks).toEqual([
      [-100, 1000n],
      [0, 0n],
      [100, 0n],
      [110, -1000n],
    ])
    expect(burnt(-100, 100, 1000n)).toEqual({
      pool: address,
      liquidity: 0n,
      ticks: [[0, 0n]],
    })
  })

  it('ticks beyond the known ones are left out, in force or not', () => {
    expect(minted(-500, 500, 7n)).toEqual({ pool: address, liquidity: 1007n })
    expect(minted(-500, -300, 7n)).toBeUndefined()
    expect(minted(-500, -50, 7n)?.ticks).toHaveLength(4)
  })

  it('of ticks that bound the known ones only those that are listed are followed', () => {
    expect(burnt(200, 210, 5000n)).toBeUndefined()
    expect(burnt(-210, -200, 5000n)).toBeUndefined()
    const listed = { ...concentrated, knownTicks: [-100, 100] } as Pool
    expect(minted(-110, -100, 7n, listed)?.ticks?.[0]).toEqual([-100, 993n])
    // Where the scale ends, nothing is unknown.
    const whole = {
      ...concentrated,
      tickSpacing: 1,
      knownTicks: [minTick, maxTick],
    } as Pool
    expect(minted(minTick, maxTick, 7n, whole)?.ticks).toHaveLength(5)
  })

  it('a position taken beside the price, after a swap out of the known ticks, leaves a pool that holds', () => {
    const left = { ...concentrated, ...swapped(209) } as Pool
    for (const lower of [190, 210]) {
      const taken = burnt(lower, lower + 10, 5000n, left)
      expect(checkedPool({ ...left, ...taken } as Pool)).toEqual(left)
    }
  })

  it('a poke changes nothing', () => {
    expect(burnt(-100, 100, 0n)).toBeUndefined()
  })

  it('another event changes nothing', () => {
    const other = new Interface(['event Flash(uint256)'])
    expect(
      protocol.changeOf(concentrated, encode(other, 'Flash', [1n])),
    ).toBeUndefined()
  })
})

describe('balancer-v2', () => {
  const abi = new Interface([
    'event PoolBalanceManaged(bytes32 indexed poolId, address indexed assetManager, address indexed token, int256 cashDelta, int256 managedDelta)',
    'event PoolBalanceChanged(bytes32 indexed poolId, address indexed liquidityProvider, address[] tokens, int256[] deltas, uint256[] protocolFeeAmounts)',
  ])
  const poolId = `${address.toLowerCase()}000200000000000000000001` as Hex
  const pool: Pool = {
    address,
    poolId,
    dex: 'balancer-v2',
    tokens: [token0, token1],
    family: 'weighted',
    swapFee: 1n,
    reserves: [1000n, 1000n],
    weights: [5n, 5n],
    scalingFactors: [1n, 1n],
    wholeExponents: 'multiplied',
  }
  const protocol = dexProtocol('balancer-v2')

  it('tokens of a manager still are the pool’s, what a manager gains or loses counts', () => {
    const managed = (cash: bigint, invested: bigint) =>
      protocol.changeOf(
        pool,
        encode(abi, 'PoolBalanceManaged', [
          poolId,
          somebody,
          token1,
          cash,
          invested,
        ]),
      )
    expect(managed(-100n, 100n)).toBeUndefined()
    expect(managed(0n, -30n)?.reserves).toEqual([1000n, 970n])
  })

  it('fees that a join pays to the protocol leave the pool; other tokens are passed over', () => {
    const log = encode(abi, 'PoolBalanceChanged', [
      poolId,
      somebody,
      [token0, somebody, token1],
      [50n, 5n, -7n],
      [3n, 0n, 1n],
    ])
    expect(protocol.poolOf(log)).toBe(address.toLowerCase())
    expect(protocol.changeOf(pool, log)?.reserves).toEqual([1047n, 992n])
  })
})

describe('readBlockLogs', () => {
  const abi = new Interface(['event Sync(uint112, uint112)'])
  const pair: Pool = {
    address,
    dex: 'uniswap-v2',
    tokens: [token0, token1],
    family: 'constantProduct',
    feePips: 3000,
    reserves: [1n, 1n],
  }
  const read = (
    logs: readonly Log[],
    protocols: readonly DexProtocol[],
    spoken: DexProtocol,
  ) =>
    readBlockLogs(logs, protocols, {
      pool: (of) =>
        of.toLowerCase() === address.toLowerCase() ? pair : undefined,
      protocol: () => spoken,
    })
  const uniswap = dexProtocol('uniswap-v2')
  const logs = [1n, 2n, 3n].map((n) => encode(abi, 'Sync', [n, 10n * n]))

  it('gives one change a pool: as its last log left it', () => {
    expect(read(logs, [uniswap], uniswap)).toEqual([
      { pool: address, reserves: [3n, 30n] },
    ])
  })

  it('lets the pool’s own protocol read it, of several that know the event', () => {
    const solidly = dexProtocol('solidly')
    expect(read(logs, [solidly, uniswap], uniswap)).toHaveLength(1)
    expect(read(logs, [solidly], uniswap)).toEqual([])
  })

  it('passes over unknown pools and logs without topics', () => {
    const strange = { ...logs[0]!, address: somebody }
    const anonymous = { ...logs[0]!, topics: [] }
    expect(read([strange, anonymous], [uniswap], uniswap)).toEqual([])
  })
})

function encode(abi: Interface, name: string, values: readonly unknown[]): Log {
  const { data, topics } = abi.encodeEventLog(name, values)
  return {
    address: address.toLowerCase() as Hex,
    topics: topics as Hex[],
    data: data as Hex,
    txHash: '0x',
    txIndex: 0,
    logIndex: 0,
  }
}
