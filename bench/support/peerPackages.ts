import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..')
const require = createRequire(join(folder, 'run.ts'))

/** Installs the peers' packages into `bench/node_modules` unless they are there; their install scripts stay off. */
export function installPeerPackages(): void {
  if (existsSync(join(folder, 'node_modules', '@uniswap', 'v3-sdk'))) return
  console.error(
    'Installing the packages to compare with (npm ci --prefix bench, about 125 MB, without their install scripts) …',
  )
  const { status } = spawnSync('npm', ['ci', '--prefix', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0)
    console.error(
      'The installation failed: questions go without the peers from npm.',
    )
}

/**
 * Loads a peer's package, or undefined where it is not installed. `require`,
 * not `import`: the ES modules of Uniswap's packages lack the file endings
 * that Node asks for.
 */
export function loadPeerPackage<T>(name: string): T | undefined {
  try {
    return require(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND')
      return undefined
    throw error
  }
}
