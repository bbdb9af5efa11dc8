import { ApexError } from './errors.ts'

/** What a {@link PackageMissingError} tells beside the name. */
export type PackageMissingDetails = {
  /** How to install it, where `npm install` and the name are not enough. */
  readonly command?: string
  readonly cause?: unknown
}

/** An optional package is not installed, or not whole. */
export class PackageMissingError extends ApexError {
  override readonly name = 'PackageMissingError'
  constructor(
    packageName: string,
    purpose: string,
    details: PackageMissingDetails = {},
  ) {
    super('PACKAGE_MISSING', `not installed: ${packageName}: ${purpose}`, {
      facts: { package: packageName },
      hint: `run: ${details.command ?? `npm install ${packageName}`}`,
      cause: details.cause,
    })
  }
}
