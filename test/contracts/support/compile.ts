import { join } from 'node:path'
import type { Artifact } from '../../../src/adapters/protocols/artifact.ts'
import { compileContracts } from '../../../src/adapters/protocols/compile.ts'

/** Compiles a contract of test/contracts/solidity. */
export function testArtifact(file: string, contract: string = file): Artifact {
  return compile(file, contract, { optimizerRuns: 200 })
}

/** The same with the settings of the shipped contracts, where gas is compared. */
export function tunedArtifact(file: string, contract: string): Artifact {
  return compile(file, contract, { optimizerRuns: 1_000_000, viaIR: true })
}

function compile(
  file: string,
  contract: string,
  settings: { readonly optimizerRuns: number; readonly viaIR?: boolean },
): Artifact {
  const artifacts = compileContracts({
    compiler: 'solc',
    sourceFolder: join(import.meta.dirname, '../solidity'),
    contracts: { [contract]: `${file}.sol` },
    ...settings,
    evmVersion: 'cancun',
  })
  return artifacts[contract]!
}
