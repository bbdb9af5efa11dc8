import { withoutSecrets } from '../withoutSecrets.ts'
import { ConfigInvalidError } from './errors.ts'
import { type Field, findField } from './schema.ts'

const environmentPrefix = 'APEX__'

/** A value that takes the place of the file's. */
export type Override = {
  readonly keys: readonly string[]
  readonly value: unknown
  /** For hints: the variable or option, without the value. */
  readonly origin: string
}

/**
 * What the environment overrides: `APEX__CHAINS__BASE__RISK__MAX_INPUT=2` is
 * `chains.base.risk.maxInput`.
 *
 * @throws ConfigInvalidError where a variable names no key.
 */
export function environmentOverrides(
  environment: Readonly<Record<string, string | undefined>>,
): Override[] {
  return Object.entries(environment)
    .filter(([name]) => name.startsWith(environmentPrefix))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text = '']) => {
      const words = name.slice(environmentPrefix.length).split('__')
      const field = findField(words)
      if (!field) throw unknown(`the environment variable ${name}`)
      return override(field, text, `the environment variable ${name}`)
    })
}

/**
 * What `--set KEY=VALUE` overrides: `chains.base.risk.maxInput=2`.
 * @throws ConfigInvalidError where one names no key, or has no `=`.
 */
export function flagOverrides(settings: readonly string[]): Override[] {
  return settings.map((setting) => {
    const end = setting.indexOf('=')
    const name = setting.slice(0, Math.max(0, end))
    const field = findField(name.split('.'))
    // What is no key may be a value.
    if (!field)
      throw unknown(
        /^[A-Za-z][\w.-]{0,80}$/.test(name) ? `--set ${name}` : '--set',
      )
    return override(field, setting.slice(end + 1), `--set ${name}`)
  })
}

/** The file's values with the overrides laid over them; later ones win. */
export function withOverrides(
  values: object,
  overrides: readonly Override[],
): unknown {
  const merged = structuredClone(values) as Record<string, unknown>
  for (const { keys, value } of overrides) {
    let section = merged
    for (const key of keys.slice(0, -1)) {
      if (!Object.hasOwn(section, key)) section[key] = {}
      const next = section[key]
      // The check of the whole says what is wrong with it.
      if (typeof next !== 'object' || next === null) return merged
      section = next as Record<string, unknown>
    }
    section[keys.at(-1)!] = value
  }
  return merged
}

function override(
  { keys, kind }: Field,
  text: string,
  origin: string,
): Override {
  return { keys, value: readValue(kind, text), origin }
}

/** As the file would have it; what cannot be read so stays a text, which the check refuses. */
function readValue(kind: Field['kind'], text: string): unknown {
  if (kind === 'list')
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  if (kind === 'number' && /^\d{1,15}$/.test(text)) return Number(text)
  if (kind === 'boolean' && (text === 'true' || text === 'false'))
    return text === 'true'
  return text
}

function unknown(place: string): ConfigInvalidError {
  return new ConfigInvalidError(
    withoutSecrets(place),
    'it names no key of the configuration',
    {
      hint: 'such as chains.base.risk.maxInput=2, or APEX__CHAINS__BASE__RPC for chains.base.rpc',
    },
  )
}
