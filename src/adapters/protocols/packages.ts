import { createRequire } from 'node:module'
import { PackageMissingError } from '../../core/packageMissing.ts'

/**
 * The packages in which the protocols of a simulated market publish their
 * contracts, and the compiler of the one that publishes source alone. They are
 * no dependencies: their licences (GPL, BUSL) and their size are the user's to
 * accept. Versions are those the tests run with.
 */
export const simulationPackages: Readonly<Record<string, string>> = {
  '@balancer-labs/v2-deployments': '3.2.0',
  '@pancakeswap/v3-core': '1.0.2',
  '@sushiswap/core': '1.4.2',
  '@uniswap/v2-core': '1.0.1',
  '@uniswap/v3-core': '1.0.1',
  '@uniswap/v3-periphery': '1.4.4',
  '@uniswap/v4-core': '1.0.2',
  '@uniswap/v4-periphery': '1.0.3',
  'canonical-weth': '1.4.0',
  'solc-0.6.12': 'npm:solc@0.6.12',
}

const require = createRequire(import.meta.url)

/**
 * Looks whether all of them are installed, before anything is begun.
 * @throws PackageMissingError naming all that are not, and the one command that installs them.
 */
export function checkInstalled(
  packages: Readonly<Record<string, string>>,
): void {
  const missing = Object.keys(packages).filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  const wanted = missing.map((name) => `${name}@${packages[name]}`).join(' ')
  throw new PackageMissingError(
    missing.join(', '),
    'there lie the genuine contracts of the exchanges, under their own licences',
    {
      // Balancer's package names an old Hardhat as its peer, which its files do not need.
      command: `npm install --legacy-peer-deps ${wanted}`,
    },
  )
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(`${name}/package.json`)
    return true
  } catch {
    return false
  }
}
