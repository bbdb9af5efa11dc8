import { inspect } from 'node:util'

/**
 * Which of the secrets can be seen in a value: in its text, in any property,
 * hidden or not, and down its chain of causes.
 */
export function leaked(
  value: unknown,
  secrets: readonly string[],
): readonly string[] {
  const text = [
    inspect(value, { depth: null, showHidden: true, maxStringLength: null }),
    value instanceof Error ? `${value.message}\n${value.stack}` : String(value),
    JSON.stringify(value, (_, entry: unknown) =>
      typeof entry === 'bigint' ? `${entry}` : entry,
    ),
  ]
    .join('\n')
    .toLowerCase()
  return secrets.filter((secret) => text.includes(secret.toLowerCase()))
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it was fulfilled')
    },
    (error: unknown) => error,
  )
}
