import type { Hex } from '../../../core/hex.ts'
import type { Log } from '../../../core/rpc.ts'
import type { DexProtocol } from '../../../market/dex.ts'
import type { PoolChange } from '../../../market/marketBlock.ts'
import type { Pool } from '../../../market/pool.ts'
import {
  addressTopic,
  eventTopic,
  listWords,
  signedWord,
  unsignedWord,
} from '../logWords.ts'

const swapTopic = eventTopic('Swap(bytes32,address,address,uint256,uint256)')
const balanceChangedTopic = eventTopic(
  'PoolBalanceChanged(bytes32,address,address[],int256[],uint256[])',
)
const balanceManagedTopic = eventTopic(
  'PoolBalanceManaged(bytes32,address,address,int256,int256)',
)
const swapFeeTopic = eventTopic('SwapFeePercentageChanged(uint256)')

/**
 * Balancer V2: the Vault holds the tokens of all pools and writes their logs; a
 * pool's id begins with its address. The pool itself tells a new swap fee only.
 * While a stable pool's amplification moves, it is read with the pool.
 */
export const balancerV2: DexProtocol = {
  name: 'balancer-v2',
  families: ['weighted', 'stable'],
  topics: [swapTopic, balanceChangedTopic, balanceManagedTopic, swapFeeTopic],

  poolOf({ address, topics }) {
    return topics[0]?.toLowerCase() === swapFeeTopic
      ? address
      : ((topics[1] ?? '0x').slice(0, 42) as Hex)
  },

  changeOf(pool, log) {
    switch (log.topics[0]?.toLowerCase()) {
      case swapFeeTopic:
        return { pool: pool.address, swapFee: unsignedWord(log.data, 0) }
      case swapTopic:
        return withMoved(pool, [
          [addressTopic(log.topics[2]), unsignedWord(log.data, 0)],
          [addressTopic(log.topics[3]), -unsignedWord(log.data, 1)],
        ])
      case balanceChangedTopic:
        return withMoved(pool, joinedOrExited(log))
      case balanceManagedTopic:
        // What a manager holds still counts as the pool's.
        return withMoved(pool, [
          [
            addressTopic(log.topics[3]),
            signedWord(log.data, 0) + signedWord(log.data, 1),
          ],
        ])
      default:
        return undefined
    }
  },

  executorHop(dex, { pool, tokenOut, zeroForOne, amountOut }) {
    if (!pool.poolId)
      return { untradable: `pool ${pool.address} has no id in the Vault` }
    return {
      module: 'balancerV2',
      target: dex.address,
      tokenOut: tokenOut.address,
      zeroForOne,
      amountOut,
      poolId: pool.poolId,
    }
  },
}

/** A token, lower case, and by how many base units its balance grew. */
type Moved = readonly [Hex, bigint]

/** What came in or went out, less the protocol's fees, which the Vault takes off the balances. */
function joinedOrExited({ data }: Log): Moved[] {
  const deltas = listWords(data, 1)
  const fees = listWords(data, 2)
  return listWords(data, 0).map((token, i) => [
    `0x${token.toString(16).padStart(40, '0')}`,
    BigInt.asIntN(256, deltas[i]!) - fees[i]!,
  ])
}

/** The pool's balances after tokens moved; tokens that the state does not have are passed over. */
function withMoved(
  pool: Pool,
  moved: readonly Moved[],
): PoolChange | undefined {
  if (pool.family === 'weighted') {
    const [reserve0, reserve1] = pool.reserves
    const [by0, by1] = pool.tokens.map((token) => movedOf(token, moved))
    return by0 === 0n && by1 === 0n
      ? undefined
      : { pool: pool.address, reserves: [reserve0 + by0!, reserve1 + by1!] }
  }
  if (pool.family !== 'stable') return undefined
  const tokens = pool.poolTokens ?? pool.tokens
  const balances = pool.balances.map(
    (balance, i) => balance + movedOf(tokens[i]!, moved),
  )
  return balances.every((balance, i) => balance === pool.balances[i])
    ? undefined
    : { pool: pool.address, balances }
}

function movedOf(token: Hex, moved: readonly Moved[]): bigint {
  return moved
    .filter(([address]) => address === token.toLowerCase())
    .reduce((sum, [, amount]) => sum + amount, 0n)
}
