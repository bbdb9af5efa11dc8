import { withoutSecrets } from '../../adapters/keys/index.ts'
import { ApexError } from '../../core/errors.ts'

/**
 * A fault on one line, fit to be shown and kept. Of what is no error of ours
 * only its kind and place are told: its words may hold a URL, its stack anything.
 */
export function inWords(error: unknown): string {
  if (error instanceof ApexError) {
    const { message, hint } = error
    return withoutSecrets(hint ? `${message}; ${hint}` : message)
  }
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  const place = error instanceof Error ? placeOf(error) : undefined
  return [
    isPlain(name) ? name : 'fault',
    ...(isPlain(code) ? [code] : []),
    ...(place === undefined ? [] : [`at ${place}`]),
  ].join(' ')
}

/** A word as programs name things: nobody hides a secret there. */
function isPlain(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(text)
}

/** File, line and column where it was thrown; what stands before the first of them are its words. */
function placeOf({ message, stack = '' }: Error): string | undefined {
  const frames = stack.slice(stack.indexOf(message) + message.length)
  return /[\w.-]+\.[jt]s:\d+:\d+/.exec(frames)?.[0]
}
