/** JSON on one line; amounts become decimal strings. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, (_, entry: unknown) =>
    typeof entry === 'bigint' ? `${entry}` : entry,
  )
  return `${text}\n`
}
