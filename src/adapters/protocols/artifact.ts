import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Interface, type InterfaceAbi } from 'ethers'
import type { Hex } from '../../core/hex.ts'
import { PackageMissingError } from '../../core/packageMissing.ts'

/** A compiled contract. */
export type Artifact = {
  readonly name: string
  readonly abi: Interface
  /** Creation code, without constructor arguments. */
  readonly bytecode: Hex
}

const require = createRequire(import.meta.url)
const loaded = new Map<string, Artifact>()

/**
 * The contract that a protocol's team published in its npm package. `file` is
 * the path of the artifact in the package.
 *
 * @throws PackageMissingError where the package is not installed.
 */
export function publishedArtifact(packageName: string, file: string): Artifact {
  const path = `${packageName}/${file}`
  const known = loaded.get(path)
  if (known) return known
  const artifact = readArtifact(resolvePackageFile(packageName, file))
  loaded.set(path, artifact)
  return artifact
}

/**
 * The path of a file in an installed package.
 * @throws PackageMissingError
 */
export function resolvePackageFile(packageName: string, file: string): string {
  try {
    return require.resolve(`${packageName}/${file}`)
  } catch (cause) {
    throw new PackageMissingError(
      packageName,
      'it holds the genuine contracts of a protocol',
      { cause },
    )
  }
}

/** Makes an artifact of an ABI and creation code, with or without 0x. */
export function makeArtifact(
  name: string,
  abi: InterfaceAbi,
  bytecode: string,
): Artifact {
  const code = bytecode.startsWith('0x') ? bytecode : `0x${bytecode}`
  return { name, abi: new Interface(abi), bytecode: code as Hex }
}

/** Truffle, Hardhat and Foundry write `bytecode` as text or as an object. */
function readArtifact(path: string): Artifact {
  const { contractName, abi, bytecode } = JSON.parse(
    readFileSync(path, 'utf8'),
  ) as {
    readonly contractName?: string
    readonly abi: InterfaceAbi
    readonly bytecode: string | { readonly object: string }
  }
  return makeArtifact(
    contractName ?? path.slice(path.lastIndexOf('/') + 1, -'.json'.length),
    abi,
    typeof bytecode === 'string' ? bytecode : bytecode.object,
  )
}
