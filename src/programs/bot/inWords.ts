import { withoutSecrets } from '../../adapters/keys/index.ts'
import { ApexError } from '../../core/errors.ts'

/**
 * A fault on one line, fit to be shown and kept. Of what is no error of ours
 * only its kind is told: its words may hold a URL, its stack anything.
 */
export function inWords(error: unknown): string {
  if (error instanceof ApexError) {
    const { message, hint } = error
    return withoutSecrets(hint ? `${message}; ${hint}` : message)
  }
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  const kind = isPlain(name) ? name : 'fault'
  return isPlain(code) ? `${kind} ${code}` : kind
}

/** A word as programs name things: nobody hides a secret there. */
function isPlain(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(text)
}
