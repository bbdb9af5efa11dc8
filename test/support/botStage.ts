import { createSigner } from '../../src/adapters/keys/index.ts'
import type { Hex } from '../../src/core/hex.ts'
import { keccakText } from '../../src/core/keccak.ts'
import { createSeededRandom } from '../../src/core/seededRandom.ts'
import { deployExecutor } from '../../src/programs/simulate/deployExecutor.ts'
import { drawMarket } from '../../src/programs/simulate/drawMarket.ts'
import { drawSwaps } from '../../src/programs/simulate/drawSwaps.ts'
import { createWorld } from '../../src/programs/simulate/world/createWorld.ts'
import type { World } from '../../src/programs/simulate/world/world.ts'
import { type Anvil, startAnvil } from './anvil.ts'

const users: readonly Hex[] = [
  '0x0000000000000000000000000000000000005e11',
  '0x0000000000000000000000000000000000005e12',
]
const owner: Hex = '0x00000000000000000000000000000000000a11ce'
/** Where Multicall3 lies on public chains. */
const usualMulticall3: Hex = '0xcA11bde05977b3631167028862bE2a173976CA11'
/** Wei that the operator begins with. */
export const operatorCoins: bigint = 10n ** 20n
export const botKey: Hex = keccakText('operator of the bot tests')

/** A node with genuine Uniswap pools, an executor, and users who trade each block. */
export type BotStage = {
  readonly anvil: Anvil
  readonly world: World
  readonly executor: Hex
  readonly operator: Hex
  /** Who trade. */
  readonly users: readonly Hex[]
  tradeBlock(): Promise<void>
  /** Starts the node again that was stopped; its users are known to it anew. */
  revive(): Promise<void>
  nonce(): Promise<number>
}

/** What a test wants otherwise than usual. */
export type BotStageOptions = {
  /** Where the chain is kept while its node is stopped. */
  readonly file?: string
  /** The operator's. */
  readonly key?: Hex
}

/** Starts the node and deploys all. */
export async function createBotStage(
  chainId: number,
  { file, key = botKey }: BotStageOptions = {},
): Promise<BotStage> {
  const anvil = await startAnvil(chainId, file)
  const market = drawMarket({ pools: 12, tokens: 4, seed: 5 })
  const world = await createWorld({ chain: anvil, market, users })
  const { address: operator } = await createSigner(key)
  await anvil.setBalance(operator, operatorCoins)
  const executor = await deployExecutor(anvil, {
    owner,
    operator,
    wrappedNative: world.wrappedNative,
  })
  const multicall3 = await anvil.request('eth_getCode', [
    world.multicall3,
    'latest',
  ])
  await anvil.request('anvil_setCode', [usualMulticall3, multicall3])
  const random = createSeededRandom(chainId)
  return {
    anvil,
    world,
    executor,
    operator,
    users,
    async tradeBlock() {
      const { market: place } = world
      const weights = place.pools.map(() => 1)
      const swaps = drawSwaps(place, weights, { swapsPerBlock: 4 }, random)
      for (const [i, swap] of swaps.entries())
        await world.swap({
          user: users[i % users.length]!,
          pool: swap.pool.address,
          tokenIn: swap.pool.tokens[swap.zeroForOne ? 0 : 1],
          amountIn: swap.amountIn * 20n,
        })
      await anvil.mine()
    },
    async revive() {
      await anvil.revive()
      for (const user of users) await anvil.impersonate(user)
    },
    async nonce() {
      const count = await anvil.request('eth_getTransactionCount', [
        operator,
        'pending',
      ])
      return Number(count)
    },
  }
}
