import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Creation bytecode, without 0x, as the protocols published it in their npm packages. */
export function publishedBytecode(path: string): string {
  const { bytecode } = JSON.parse(
    readFileSync(require.resolve(path), 'utf8'),
  ) as { bytecode: string }
  return bytecode.replace(/^0x/, '')
}
