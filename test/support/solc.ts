import { join } from 'node:path'
import {
  type Compiler,
  compileContracts,
} from '../../src/adapters/protocols/compile.ts'

/**
 * The creation bytecode of one contract, without 0x. `file` lies in
 * test/support/contracts; its imports are files of npm packages. Results are
 * kept in .cache by what went in.
 * @throws WorldInvalidError with the compiler's own words.
 */
export function compileContract(
  compiler: Compiler,
  file: string,
  contract: string,
): string {
  const artifacts = compileContracts({
    compiler,
    sourceFolder: join(import.meta.dirname, 'contracts'),
    contracts: { [contract]: file },
    optimizerRuns: 200,
    evmVersion: compiler === 'solc' ? 'cancun' : 'istanbul',
  })
  return artifacts[contract]!.bytecode.slice(2)
}
