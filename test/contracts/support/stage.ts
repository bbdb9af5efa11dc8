import type { Artifact } from '../../../src/adapters/protocols/artifact.ts'
import { testToken } from '../../../src/adapters/protocols/helpers.ts'
import { weth9Artifact } from '../../../src/adapters/protocols/tokens.ts'
import type { Hex } from '../../../src/core/hex.ts'
import {
  type Contract,
  createTestChain,
  operator,
  owner,
  type TestChain,
} from './chain.ts'
import { executorArtifact } from './executors.ts'

/** An executor that owns something of everything, and tokens to trade. */
export type Stage = {
  readonly chain: TestChain
  readonly executor: Contract
  readonly weth: Contract
  /** token0 < token1 < token2. */
  readonly tokens: readonly [Contract, Contract, Contract]
  /** Everything that the executor has, by name. */
  holdings(extra?: readonly Contract[]): Promise<Holdings>
}

export type Holdings = Readonly<Record<string, bigint>>

/** What the executor owns of each token, and in wei, before anything happens. */
export const treasure: bigint = 1_000n * 10n ** 18n

/** Makes tokens and an executor on a chain; `artifact` may be a weakened one. */
export async function createStage(
  artifact: Artifact = executorArtifact(),
  chain?: TestChain,
): Promise<Stage> {
  const on = chain ?? (await createTestChain())
  const weth = await on.deploy(weth9Artifact())
  const made: Contract[] = []
  for (const name of ['A', 'B', 'C'])
    made.push(await on.deploy(testToken, [name, name, 18]))
  made.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1))
  const tokens = made as unknown as Stage['tokens']
  const executor = await on.deploy(artifact, [owner, weth.address])
  await executor.send('addOperator', [operator])
  for (const token of tokens)
    await token.send('mint', [executor.address, treasure])
  await weth.send('deposit', [], { value: treasure * 4n })
  await weth.send('transfer', [executor.address, treasure])
  await on.attempt(executor.address, '0x', { value: treasure })
  return {
    chain: on,
    executor,
    weth,
    tokens,
    async holdings(extra = []) {
      const entries: [string, bigint][] = [
        ['native', await on.balance(executor.address)],
      ]
      for (const token of [weth, ...tokens, ...extra])
        entries.push([
          token.address,
          await token.read('balanceOf', [executor.address]),
        ])
      return Object.fromEntries(entries)
    },
  }
}

/** What is less than before, as `token: -amount`; empty is what every attack must leave. */
export function losses(before: Holdings, after: Holdings): readonly string[] {
  return Object.entries(before)
    .filter(([name, amount]) => after[name]! < amount)
    .map(([name, amount]) => `${name}: ${after[name]! - amount}`)
}

/** The operator sends a plan. */
export const byOperator: { readonly from: Hex } = { from: operator }
