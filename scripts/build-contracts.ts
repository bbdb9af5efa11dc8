/**
 * Compiles `contracts/` by Hardhat with the compiler that npm carries, and
 * writes ABI and creation bytecode of every contract one can deploy into
 * generated modules. Fails above the size that a chain accepts.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** EIP-170. */
const maxBytes = 24_576
const generated = 'src/contracts/generated'

process.chdir(join(import.meta.dirname, '..'))

type Artifact = {
  readonly contractName: string
  readonly sourceName: string
  readonly abi: readonly unknown[]
  readonly bytecode: string
  readonly deployedBytecode: string
}

const { default: hre } = await import('hardhat')
await hre.tasks.getTask('build').run({ quiet: true })
const names = await hre.artifacts.getAllFullyQualifiedNames()
const artifacts = await Promise.all(
  [...names].map(async (name): Promise<Artifact> => {
    const path = await hre.artifacts.getArtifactPath(name)
    return JSON.parse(await readFile(path, 'utf8'))
  }),
)
/** One file, one contract of the same name; what stands beside it are interfaces. */
const deployable = artifacts
  .filter(({ sourceName, contractName, bytecode }) => {
    const isMain = basename(sourceName) === `${contractName}.sol`
    const isPublic =
      contractName === 'Executor' || /\/(?:world|lens)\//.test(sourceName)
    return isMain && isPublic && bytecode.length > 2
  })
  .sort((a, b) => (a.contractName < b.contractName ? -1 : 1))

await rm(generated, { recursive: true, force: true })
await mkdir(generated, { recursive: true })
for (const artifact of deployable) {
  const size = artifact.deployedBytecode.length / 2 - 1
  if (size > maxBytes)
    throw new Error(
      `${artifact.contractName} is ${size} bytes, a chain takes ${maxBytes}`,
    )
  await writeModule(artifact)
  process.stdout.write(`${artifact.contractName}: ${size} bytes\n`)
}

async function writeModule(artifact: Artifact): Promise<void> {
  const { contractName, sourceName, abi, bytecode } = artifact
  const name = contractName[0]!.toLowerCase() + contractName.slice(1)
  // Lenses are deployed nowhere: calls bring their code along.
  const runtime = sourceName.includes('/lens/')
    ? `
/** The code itself, as it lies on a chain. */
export const ${name}RuntimeBytecode: \`0x\${string}\` =
  '${artifact.deployedBytecode}'
`
    : ''
  await writeFile(
    join(generated, `${name}.ts`),
    `/** ABI of ${sourceName}, written by scripts/build-contracts.ts. */
export const ${name}Abi = ${JSON.stringify(abi)} as const

/** Creation bytecode; the encoded constructor arguments follow it. */
export const ${name}Bytecode: \`0x\${string}\` =
  '${bytecode}'
${runtime}`,
  )
}
