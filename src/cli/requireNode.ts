import packageJson from '../../package.json' with { type: 'json' }
import { checkNode } from './doctorMachine.ts'
import { UsageError } from './errors.ts'

/** Under an older Node.js than the package is for, machine code in workers may end the process without a word. @throws UsageError */
export function requireNode(version: string = process.versions.node): void {
  const { state, detail } = checkNode(version, packageJson.engines.node)
  if (state === 'fault') throw new UsageError(`Node.js ${detail}`)
}
