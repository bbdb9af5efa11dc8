import type { z } from 'zod'
import { ConfigInvalidError } from './errors.ts'

/** One line of what is wrong. Of values nothing is repeated: any may be a secret in the wrong place. */
export function mistakeOf(
  issue: z.core.$ZodIssue,
  known: readonly string[] | undefined,
  originOf: (place: string) => string | undefined,
): ConfigInvalidError {
  const place = placeOf(issue.path)
  const error = (message: string, hint?: string): ConfigInvalidError => {
    const origin = originOf(place)
    const hints = [hint, origin && `it comes from ${origin}`].filter(Boolean)
    return new ConfigInvalidError(place || 'the configuration', message, {
      ...(hints.length > 0 && { hint: hints.join('; ') }),
    })
  }
  if (issue.code === 'unrecognized_keys') {
    return error(
      `there is no key ${issue.keys.map(shownKey).join(', ')}`,
      known && `known: ${known.join(', ')}`,
    )
  }
  if (issue.code === 'invalid_key')
    return error('no name of a chain', 'a lower-case word such as base')
  if (issue.code === 'invalid_type') {
    const isAmount = issue.expected === 'string'
    return error(
      `expected is ${expectedKinds[issue.expected] ?? issue.expected}`,
      isAmount ? 'texts and amounts stand in quotes' : undefined,
    )
  }
  if (issue.code === 'invalid_union') return error('expected is 2, 3 or 4')
  if (issue.code === 'custom') return error(issue.message, hintIn(issue.params))
  return error(
    issue.message.replace(/^(?:Too (?:big|small)|Invalid \w+): /, ''),
  )
}

const expectedKinds: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  number: 'a whole number',
  boolean: 'true or false',
  array: 'a list in brackets',
  object: 'a section',
  record: 'a section',
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}[${part}]`
        : `${text}${text && '.'}${shownKey(String(part))}`,
    '',
  )
}

/** A key that is none of ours may be anything. */
function shownKey(key: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]{0,30}$/.test(key) ? key : '…'
}

function hintIn(
  params: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  const { hint } = params ?? {}
  return typeof hint === 'string' ? hint : undefined
}
