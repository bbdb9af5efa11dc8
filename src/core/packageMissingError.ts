import { ApexError } from './errors.ts'

/** An optional package is needed here and cannot be loaded. */
export class PackageMissingError extends ApexError {
  override readonly name = 'PackageMissingError'

  /**
   * @param packageName as npm calls it.
   * @param purpose what it is needed for: `keep a ledger in SQLite`.
   */
  constructor(packageName: string, purpose: string, cause?: unknown) {
    super(
      'PACKAGE_MISSING',
      `the package ${packageName} is needed to ${purpose}, and is not installed`,
      {
        facts: { package: packageName },
        hint: `npm install ${packageName}`,
        cause,
      },
    )
  }
}
