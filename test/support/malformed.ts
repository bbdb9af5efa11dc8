/** What a node, or what stands before it, has answered where an object was asked for. */
export const notObjects: readonly unknown[] = [
  undefined,
  true,
  7,
  'Too Many Requests',
  [],
  [null],
]

/** An object less each of its fields, and with each of them of a wrong kind. */
export function withoutEach(
  whole: Readonly<Record<string, unknown>>,
): readonly Readonly<Record<string, unknown>>[] {
  return Object.keys(whole).flatMap((name) => [
    Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name)),
    ...['x', 7, {}].map((wrong) => ({ ...whole, [name]: wrong })),
  ])
}
