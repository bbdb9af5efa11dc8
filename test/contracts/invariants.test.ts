import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Artifact } from '../../src/adapters/protocols/artifact.ts'
import {
  executorArtifact,
  type WeaknessName,
  weakenedExecutor,
} from './support/executors.ts'

/** Calls of the long run; `npm run test:invariants` makes 500,000. */
const { APEX_FUZZ } = process.env
const calls = Number(APEX_FUZZ ?? 10_000)
const depth = 500

test(
  `nothing is lost in ${calls} calls by strangers, operators and hostile contracts`,
  async () => {
    const runs = Math.ceil(calls / depth)
    const { passed, output } = await runForge(executorArtifact(), runs)
    expect(passed, output).toBe(true)
    expect(output).toContain(`(runs: ${runs}, calls: ${runs * depth},`)
  },
  110_000 + calls * 5,
)

/** Each is lost to within 100,000 calls; most within a few hundred. */
const controls: readonly (readonly [WeaknessName, string])[] = [
  ['openCallbacks', 'a balance fell'],
  ['noProfitCheck', 'a balance fell'],
  ['balancesUnwatched', 'a balance fell'],
  ['allowancesStay', 'an allowance stayed'],
  ['anyLoanCallback', 'an allowance stayed'],
  ['noPaymentLimit', 'a balance fell'],
  ['noOwedLimit', 'a balance fell'],
  ['anyTokenIsNative', 'a balance fell'],
]

test.each(controls)('negative control: %s', async (name, fault) => {
  const { passed, output } = await runForge(weakenedExecutor(name), 200)
  expect(passed).toBe(false)
  expect(output).toContain(`[FAIL: ${fault}]`)
})

/** Runs the invariants against an executor's creation code. */
async function runForge(
  { bytecode }: Artifact,
  runs: number,
): Promise<{ readonly passed: boolean; readonly output: string }> {
  const require = createRequire(import.meta.url)
  const forge = join(
    dirname(require.resolve('@foundry-rs/forge/package.json')),
    '../../.bin/forge',
  )
  const root = join(import.meta.dirname, 'invariants')
  // Forge would begin with the failures of the run before.
  const failures = await mkdtemp(join(tmpdir(), 'apex-forge-'))
  const options = {
    env: {
      ...process.env,
      APEX_EXECUTOR: bytecode,
      FOUNDRY_SOLC: join(root, 'solc.cjs'),
      FOUNDRY_INVARIANT_RUNS: `${runs}`,
      FOUNDRY_INVARIANT_DEPTH: `${depth}`,
      FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR: failures,
      NO_COLOR: '1',
    },
    maxBuffer: 2 ** 26,
  }
  try {
    const output = await promisify(execFile)(
      forge,
      ['test', '--root', root, '--fuzz-seed', '0xa9ec'],
      options,
    ).then(
      ({ stdout }) => stdout,
      (error: { readonly stdout: string; readonly stderr: string }) =>
        `${error.stdout}\n${error.stderr}`,
    )
    // Its exit code is no verdict.
    const passed = output.includes('[PASS]') && !output.includes('[FAIL')
    return { passed, output }
  } finally {
    await rm(failures, { recursive: true, force: true })
  }
}
