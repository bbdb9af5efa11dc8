import { ApexError } from './errors.ts'

/** An optional package is not installed, or not whole. */
export class PackageMissingError extends ApexError {
  override readonly name = 'PackageMissingError'
  constructor(packageName: string, purpose: string, cause?: unknown) {
    super('PACKAGE_MISSING', `${packageName} is not installed: ${purpose}`, {
      facts: { package: packageName },
      hint: `run: npm install ${packageName}`,
      cause,
    })
  }
}
