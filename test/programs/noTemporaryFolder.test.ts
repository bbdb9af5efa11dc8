import { expect, it, vi } from 'vitest'
import { createEmbeddedChain } from '../../src/adapters/evm/embeddedChain.ts'
import { openTokenTrials } from '../../src/programs/openTokenTrials.ts'

/** What would keep this process from ending. */
const openServers = (): number =>
  process
    .getActiveResourcesInfo()
    .filter((resource) => resource === 'TCPServerWrap').length

it('error: where no temporary folder can be made, no port is left open', async () => {
  const rpc = await createEmbeddedChain()
  const before = openServers()
  vi.stubEnv('TMPDIR', '/none/such')
  try {
    const setting = { chainId: 31_337, blockNumber: 0, known: [] }
    await expect(openTokenTrials(rpc)(setting)).rejects.toThrow(/ENOENT/)
  } finally {
    vi.unstubAllEnvs()
  }
  expect(openServers()).toBe(before)
})
