import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EdrContext } from '@nomicfoundation/edr'
import { afterAll } from 'vitest'

/** Makes each chain of this process collect the counters that its transactions and calls pass. */

const hits = new Set<string>()
const createProvider = EdrContext.prototype.createProvider

EdrContext.prototype.createProvider = function (type, config, ...rest) {
  return createProvider.call(
    this,
    type,
    {
      ...config,
      // Counters make the executor larger than a chain would take.
      allowUnlimitedContractSize: true,
      observability: {
        ...config.observability,
        codeCoverage: {
          async onCollectedCoverageCallback(markers) {
            for (const marker of markers)
              hits.add(Buffer.from(marker).toString('hex'))
          },
        },
      },
    },
    ...rest,
  )
}

afterAll(() => {
  const folder = process.env['APEX_COVERAGE']!
  const file = join(folder, `hits-${randomUUID()}.json`)
  writeFileSync(file, JSON.stringify([...hits]))
})
