import { describe, expect, it } from 'vitest'
import { dexes } from '../../src/adapters/dexes/index.ts'
import { lenders } from '../../src/adapters/lenders/index.ts'
import { runCli } from '../support/runCli.ts'

describe.each([
  ['dexes', dexes],
  ['lenders', lenders],
] as const)('apex %s', (command, registry) => {
  it('default: a line for each, and whether it was verified', async () => {
    const { exitCode, stdout, stderr } = await runCli([command])
    expect([exitCode, stderr]).toEqual([0, ''])
    const lines = stdout.trimEnd().split('\n').slice(1)
    expect(lines).toHaveLength(registry.length)
    for (const [i, { address, verified }] of registry.entries()) {
      expect(lines[i]).toContain(address)
      expect(lines[i]).toContain(`  ${verified ? 'yes' : 'no'}  `)
    }
  })

  it('behavior: --chain and --json', async () => {
    const { stdout } = await runCli([command, '--chain', '8453', '--json'])
    expect(JSON.parse(stdout)).toEqual(
      registry.filter(({ chainId }) => chainId === 8453),
    )
  })

  it('error: a chain that is not known is a mistake', async () => {
    const { exitCode, stdout, stderr } = await runCli([command, '--chain', '5'])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^apex: none is known on chain 5 \(known chains: /)
  })
})

it('some exchanges are unverified, so both are seen', () => {
  expect(dexes.some(({ verified }) => !verified)).toBe(true)
})
