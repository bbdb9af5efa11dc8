/** The contenders do not put out the same: a bench of unlike things is worth nothing. */
export class OutputsDifferError extends Error {
  constructor(what: string, ours: unknown, theirs: unknown) {
    super(`${what} differ: ${String(ours)} and ${String(theirs)}`)
  }
}

/** Throws at the first place where two lists of exact results differ. */
export function requireEqual(
  what: string,
  ours: readonly unknown[],
  theirs: readonly unknown[],
): void {
  if (ours.length !== theirs.length)
    throw new OutputsDifferError(
      `${what}: their numbers`,
      ours.length,
      theirs.length,
    )
  ours.forEach((value, i) => {
    if (value !== theirs[i])
      throw new OutputsDifferError(`${what}, number ${i}:`, value, theirs[i])
  })
}

/** Throws where two f64 results differ by more than their rounding can explain. */
export function requireClose(what: string, ours: number, theirs: number): void {
  if (Math.abs(ours - theirs) > 1e-9 * Math.abs(theirs))
    throw new OutputsDifferError(what, ours, theirs)
}
