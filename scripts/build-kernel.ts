/**
 * Compiles `assembly/` and writes the binary as base64 into a generated
 * module, so that it loads in Node, workers, bundlers and browsers without a
 * path to resolve. Fails above the size budget.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const maxBytes = 64 * 1024
const generated = 'src/engine/generated'

process.chdir(join(import.meta.dirname, '..'))
const folder = await mkdtemp(join(tmpdir(), 'apex-kernel-'))
const binaryFile = join(folder, 'kernel.wasm')

const { error, stderr } = await asc.main([
  '--config',
  'asconfig.json',
  '--outFile',
  binaryFile,
])
if (error) {
  process.stderr.write(`${stderr.toString()}\n`)
  throw error
}

const binary = await readFile(binaryFile)
await rm(folder, { recursive: true })
if (binary.length > maxBytes)
  throw new Error(
    `kernel is ${binary.length} bytes, its budget is ${maxBytes} bytes`,
  )

await mkdir(generated, { recursive: true })
await writeFile(
  `${generated}/kernel.ts`,
  `/** The compiled kernel, ${binary.length} bytes, written by scripts/build-kernel.ts. */
export const kernelBase64 =
  '${binary.toString('base64')}'
`,
)
process.stdout.write(`kernel: ${binary.length} bytes of ${maxBytes} allowed\n`)
