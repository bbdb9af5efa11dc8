import { join } from 'node:path'
import type { Artifact } from '../../../src/adapters/protocols/artifact.ts'
import { compileContracts } from '../../../src/adapters/protocols/compile.ts'

/** Compiles a contract of test/contracts/solidity. */
export function testArtifact(file: string, contract: string = file): Artifact {
  const artifacts = compileContracts({
    compiler: 'solc',
    sourceFolder: join(import.meta.dirname, '../solidity'),
    contracts: { [contract]: `${file}.sol` },
    optimizerRuns: 200,
    evmVersion: 'cancun',
  })
  return artifacts[contract]!
}
