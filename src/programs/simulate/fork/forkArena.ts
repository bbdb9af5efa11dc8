import { dexesOf } from '../../../adapters/dexes/index.ts'
import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../../adapters/evm/embeddedChain.ts'
import { lendersOf } from '../../../adapters/lenders/index.ts'
import { poolTraderBytecode } from '../../../contracts/generated/poolTrader.ts'
import type { Hex } from '../../../core/hex.ts'
import { RpcError } from '../../../core/rpcError.ts'
import {
  maxSqrtRatio,
  minSqrtRatio,
} from '../../../engine/reference/tickMath.ts'
import type { Dex } from '../../../market/dex.ts'
import { MarketInvalidError } from '../../../market/errors.ts'
import type { Market } from '../../../market/market.ts'
import { createMarket } from '../../../market/marketBuilder.ts'
import type { Pool } from '../../../market/pool.ts'
import { encodeCall } from '../../callWords.ts'
import {
  type BalanceSlot,
  findBalanceSlot,
  setTokenBalance,
} from '../../dealTokens.ts'
import type { Arena } from '../arena.ts'
import type { ForkOptions } from '../options.ts'
import type { UserSwap } from '../world/world.ts'
import { rangeOf, readPool } from './readPool.ts'

/** Protocols whose pools can be read here and traded by users. */
const protocols: ReadonlySet<string> = new Set([
  'uniswap-v2',
  'uniswap-v3',
  'pancakeswap-v3',
])
const userCoins = 10n ** 24n
/** Base units of each token that a user has: more than any swap sells. */
const userTokens = 1n << 110n
const unlimited = (1n << 256n) - 1n
const gas = '0x1e8480'
/** Above any base fee; a user pays the base fee only. */
const maxFeePerGas = 10n ** 13n
const setUpPriorityFee = 10n ** 12n

/**
 * A copy of a live chain in this process, with users who have its tokens and
 * trade with its own pools. Pools that the node does not have, or that are of
 * protocols no user here can trade with, are left out.
 *
 * @throws RpcError where the node does not answer.
 * @throws MarketInvalidError where no pool is left, or nobody can be given its tokens.
 */
export async function createForkArena(
  { url, blockNumber, market }: ForkOptions,
  users: readonly Hex[],
): Promise<Arena> {
  const { chainId, wrappedNative } = market
  if (!wrappedNative)
    throw new MarketInvalidError(
      'the market has no token that wraps the native coin',
      { hint: 'name wrappedNative in the header of the market file' },
    )
  const chain = await createEmbeddedChain({
    automine: false,
    chainId,
    fork: { url, blockNumber },
  })
  // Calls upon the forked block itself would need the chain's hard forks by block.
  await chain.mine()
  const dexes = dexesOf(chainId)
  const pools = await readPools(chain, market, dexes)
  const trader = await deployTrader(chain, users[0]!)
  const slots = await findSlots(chain, pools, users[0]!)
  const isTraded = (pool: Pool): boolean =>
    pool.tokens.every((token) => slots.has(token))
  if (!pools.some(isTraded))
    throw new MarketInvalidError(
      'users cannot be given the tokens of any pool: none keeps its balances in a plain mapping',
    )
  return {
    chain,
    dexes,
    lenders: lendersOf(chainId),
    wrappedNative: wrappedNative.address,
    leftOut: market.pools.length - pools.length,
    isTraded,
    swap: createSwapper(chain, trader, slots, pools),
    readMarket: async () => {
      const block = (await chain.request('eth_getBlockByNumber', [
        'latest',
        false,
      ])) as { readonly number: Hex; readonly hash: Hex }
      const read: Pool[] = []
      for (const pool of pools) read.push(await readAgain(chain, pool))
      return createMarket({
        chainId,
        blockNumber: Number(block.number),
        blockHash: block.hash,
        wrappedNative: wrappedNative.address,
        tokens: market.tokens,
        pools: read,
      })
    },
  }
}

/** The pools as the fork's contracts tell them. */
async function readPools(
  chain: EmbeddedChain,
  market: Market,
  dexes: readonly Dex[],
): Promise<readonly Pool[]> {
  const protocolOf = new Map(
    dexes.map(({ name, protocol }) => [name, protocol]),
  )
  const pools: Pool[] = []
  for (const pool of market.pools) {
    const isKnown = protocols.has(protocolOf.get(pool.dex) ?? '')
    const read = isKnown ? await readPool(chain, pool) : undefined
    if (read) pools.push(read)
  }
  if (pools.length > 0) return pools
  throw new MarketInvalidError(
    `none of the ${market.pools.length} pools is on the forked chain ${market.chainId} and of a protocol that can be simulated there`,
    { hint: `protocols: ${[...protocols].join(', ')}` },
  )
}

async function readAgain(chain: EmbeddedChain, pool: Pool): Promise<Pool> {
  const read = await readPool(chain, pool, rangeOf(pool))
  if (read) return read
  throw new RpcError(`pool ${pool.address} does not answer any more`, {
    method: 'eth_call',
  })
}

async function deployTrader(chain: EmbeddedChain, from: Hex): Promise<Hex> {
  await chain.impersonate(from)
  await chain.setBalance(from, userCoins)
  const method = 'eth_sendTransaction'
  const hash = await chain.request(method, [
    { from, data: poolTraderBytecode, gas },
  ])
  await chain.mine()
  const receipt = (await chain.request('eth_getTransactionReceipt', [
    hash,
  ])) as { readonly contractAddress: Hex | null } | null
  if (receipt?.contractAddress) return receipt.contractAddress
  throw new RpcError('the contract users trade with cannot be deployed', {
    method,
  })
}

async function findSlots(
  chain: EmbeddedChain,
  pools: readonly Pool[],
  probe: Hex,
): Promise<ReadonlyMap<Hex, BalanceSlot>> {
  const slots = new Map<Hex, BalanceSlot>()
  for (const token of new Set(pools.flatMap(({ tokens }) => tokens))) {
    const slot = await findBalanceSlot(chain, token, probe)
    if (slot) slots.set(token, slot)
  }
  return slots
}

/** Users are made ready for a token when they first sell it. */
function createSwapper(
  chain: EmbeddedChain,
  trader: Hex,
  slots: ReadonlyMap<Hex, BalanceSlot>,
  pools: readonly Pool[],
): Arena['swap'] {
  const ready = new Set<string>()
  const poolOf = new Map(pools.map((pool) => [pool.address, pool]))
  const send = async (from: Hex, to: Hex, data: Hex, tip: bigint) =>
    (await chain.request('eth_sendTransaction', [
      {
        from,
        to,
        data,
        gas,
        maxFeePerGas: quantity(maxFeePerGas),
        maxPriorityFeePerGas: quantity(tip),
      },
    ])) as Hex
  const prepare = async (user: Hex, token: Hex): Promise<void> => {
    const key = `${user} ${token}`
    if (ready.has(key)) return
    ready.add(key)
    await chain.impersonate(user)
    await chain.setBalance(user, userCoins)
    await setTokenBalance(chain, token, slots.get(token)!, user, userTokens)
    const approval = encodeCall('approve(address,uint256)', [trader, unlimited])
    await send(user, token, approval, setUpPriorityFee)
  }
  return async ({ user, pool: address, tokenIn, ...request }: UserSwap) => {
    const pool = poolOf.get(address)!
    await prepare(user, tokenIn)
    const zeroForOne = tokenIn === pool.tokens[0]
    const data = swapCall(pool, zeroForOne, request.amountIn)
    return await send(user, trader, data, request.priorityFeePerGas ?? 0n)
  }
}

function swapCall(pool: Pool, zeroForOne: boolean, amountIn: bigint): Hex {
  if (pool.family === 'constantProduct')
    return encodeCall('swapPair(address,bool,uint256,uint256)', [
      pool.address,
      zeroForOne,
      amountIn,
      BigInt(pool.feePips),
    ])
  const limit = zeroForOne ? minSqrtRatio + 1n : maxSqrtRatio - 1n
  return encodeCall('swapPool(address,bool,uint256,uint160)', [
    pool.address,
    zeroForOne,
    amountIn,
    limit,
  ])
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
