import { createEmbeddedChain } from '../../src/adapters/evm/embeddedChain.ts'
import { erc20Artifact } from '../../src/adapters/protocols/index.ts'
import { Apex } from '../../src/apex.ts'
import { zeroAddress } from '../../src/core/address.ts'
import type { Hex } from '../../src/core/hex.ts'
import type { Rpc } from '../../src/core/rpc.ts'
import type { SeededRandom } from '../../src/core/seededRandom.ts'
import { createEngine } from '../../src/engine/index.ts'
import { createMarket, type Market, type Pool } from '../../src/market/index.ts'
import { createWorld } from '../../src/programs/simulate/world/createWorld.ts'
import type {
  World,
  WorldOptions,
} from '../../src/programs/simulate/world/world.ts'

/** Sells in worlds. */
export const trader: Hex = '0x00000000000000000000000000000000000a11ce'

/** A world on a chain of its own that makes blocks only when told to. */
export async function worldOf(
  market: Market,
  options: Omit<Partial<WorldOptions>, 'chain' | 'market'> = {},
): Promise<World> {
  const chain = await createEmbeddedChain({ automine: false })
  return await createWorld({
    chain,
    market,
    lenders: [],
    users: [trader],
    ...options,
  })
}

/** The market with other pools of its tokens. */
export function marketWith(market: Market, pools: readonly Pool[]): Market {
  const { chainId, blockNumber, tokens, wrappedNative } = market
  return createMarket({
    chainId,
    blockNumber,
    tokens,
    pools,
    ...(wrappedNative && { wrappedNative: wrappedNative.address }),
  })
}

/** What an account has of a token, or of the native coin at zero, in base units. */
export async function balanceOf(
  rpc: Rpc,
  token: Hex,
  account: Hex,
): Promise<bigint> {
  if (token === zeroAddress)
    return BigInt(
      (await rpc.request('eth_getBalance', [account, 'latest'])) as Hex,
    )
  const data = erc20Artifact().abi.encodeFunctionData('balanceOf', [account])
  const result = await rpc.request('eth_call', [{ to: token, data }, 'latest'])
  return BigInt(result as Hex)
}

export type Receipt = {
  readonly status: Hex
  readonly gasUsed: Hex
  readonly effectiveGasPrice: Hex
  readonly transactionIndex: Hex
}

export async function receiptOf(rpc: Rpc, hash: Hex): Promise<Receipt> {
  const receipt = await rpc.request('eth_getTransactionReceipt', [hash])
  if (!receipt) throw new Error(`${hash} is not mined`)
  return receipt as Receipt
}

/** A swap, what was predicted of it and what it paid; base units of the bought token. */
export type ComparedSwap = {
  readonly pool: Pool
  readonly amountIn: bigint
  readonly predicted: bigint
  readonly paid: bigint
}

/** Swaps of up to 1 % of what was traded for, each quoted from the state just before it. */
export async function compareSwaps(
  world: World,
  count: number,
  random: SeededRandom,
): Promise<readonly ComparedSwap[]> {
  const { chain } = world
  const engine = await createEngine()
  const compared: ComparedSwap[] = []
  for (let i = 0; i < count; i++) {
    const { pools } = world.market
    const pool = await world.readPool(pools[i % pools.length]!.address)
    const apex = new Apex(marketWith(world.market, [pool]), engine)
    const isForward = random.next() < 0.5
    const [tokenIn, tokenOut] = isForward
      ? pool.tokens
      : ([pool.tokens[1], pool.tokens[0]] as const)
    const amountIn =
      1n +
      (sizeOf(pool, isForward) * BigInt(Math.floor(random.next() * 1e6))) /
        10n ** 8n
    const predicted = apex.quote(pool.address, tokenIn, amountIn).amountOut
    const before = await balanceOf(chain, tokenOut, trader)
    const swap = { user: trader, pool: pool.address, tokenIn, amountIn }
    const hash = await world.swap(swap)
    await chain.mine()
    const { gasUsed, effectiveGasPrice } = await receiptOf(chain, hash)
    const fee =
      tokenOut === zeroAddress
        ? BigInt(gasUsed) * BigInt(effectiveGasPrice)
        : 0n
    const paid = (await balanceOf(chain, tokenOut, trader)) - before + fee
    compared.push({ pool, amountIn, predicted, paid })
  }
  return compared
}

/** About what a pool holds of the sold token, in base units. */
function sizeOf(pool: Pool, isForward: boolean): bigint {
  const side = isForward ? 0 : 1
  if (pool.family === 'stable') return pool.balances[pool.pair[side]]!
  if (pool.family !== 'concentrated') return pool.reserves[side]
  const { liquidity, sqrtPriceX96 } = pool
  return isForward
    ? (liquidity << 96n) / sqrtPriceX96
    : (liquidity * sqrtPriceX96) >> 96n
}
