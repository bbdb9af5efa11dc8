import { expect } from 'vitest'
import {
  executorArtifact,
  type WeaknessName,
  weakenedExecutor,
} from './executors.ts'
import { createStage, losses, type Stage } from './stage.ts'

/** Tries to take something from the stage's executor; what it returns goes to {@link Attacked.told}. */
export type Attack<Told = unknown> = (stage: Stage) => Promise<Told>

export type Attacked<Told> = {
  readonly stage: Stage
  /** What the executor owns less of. */
  readonly lost: readonly string[]
  readonly told: Told
}

/** Attacks the executor as it is shipped. */
export async function attackReal<Told>(
  attack: Attack<Told>,
): Promise<Attacked<Told>> {
  return run(attack, await createStage(executorArtifact()))
}

/** The negative control: attacks the executor without one of its protections. */
export async function attackWeakened<Told>(
  name: WeaknessName,
  attack: Attack<Told>,
): Promise<Attacked<Told>> {
  return run(attack, await createStage(weakenedExecutor(name)))
}

/** The attack takes nothing from the real executor, and something from the weakened one. */
export async function provesItself<Told>(
  name: WeaknessName,
  attack: Attack<Told>,
): Promise<Attacked<Told>> {
  const weakened = await attackWeakened(name, attack)
  expect(weakened.lost, 'the negative control lost nothing').not.toEqual([])
  const real = await attackReal(attack)
  expect(real.lost).toEqual([])
  await expectNoAllowance(real.stage)
  return real
}

async function run<Told>(
  attack: Attack<Told>,
  stage: Stage,
): Promise<Attacked<Told>> {
  const before = await stage.holdings()
  const told = await attack(stage)
  const lost = losses(before, await stage.holdings())
  return { stage, lost, told }
}

/** Nobody may spend what the executor owns: told by the tokens' own events. */
export async function expectNoAllowance({
  chain,
  executor,
  tokens,
  weth,
}: Stage): Promise<void> {
  for (const token of [...tokens, weth]) {
    const logs = (await chain.embedded.request('eth_getLogs', [
      {
        fromBlock: '0x0',
        toBlock: 'latest',
        address: token.address,
        topics: [
          '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925',
          `0x${executor.address.slice(2).padStart(64, '0')}`,
        ],
      },
    ])) as readonly { readonly topics: readonly string[] }[]
    for (const spender of new Set(logs.map(({ topics }) => topics[2]!)))
      expect(
        await token.read('allowance', [
          executor.address,
          `0x${spender.slice(26)}`,
        ]),
      ).toBe(0n)
  }
}
