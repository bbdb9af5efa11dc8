import { expect, it } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import {
  checkInstalled,
  simulationPackages,
} from '../../../src/adapters/protocols/index.ts'

it('the packages of a simulation are those the tests run with', () => {
  const used: Readonly<Record<string, string>> = packageJson.devDependencies
  for (const [name, version] of Object.entries(simulationPackages))
    expect(used[name], name).toBe(version)
})

it('default: nothing is missing here', () => {
  checkInstalled(simulationPackages)
})

it('error: all that is missing is named, with one command', () => {
  const wanted = { ...simulationPackages, absent: '1.0.0', gone: 'npm:solc@1' }
  expect(() => checkInstalled(wanted)).toThrow(
    expect.objectContaining({
      code: 'PACKAGE_MISSING',
      message: expect.stringMatching(/^not installed: absent, gone: /),
      hint: 'run: npm install --legacy-peer-deps absent@1.0.0 gone@npm:solc@1',
    }),
  )
})
