import { parse } from 'smol-toml'
import type { Hex } from '../../core/hex.ts'
import type { Chain } from '../../market/chain.ts'
import type { ChainConfig, Config } from './config.ts'
import { ConfigInvalidError } from './errors.ts'
import {
  environmentOverrides,
  flagOverrides,
  withOverrides,
} from './overrides.ts'
import { type ChainValues, checkValues } from './schema.ts'

/** The parts of a configuration, the weaker first. */
export type ConfigSources = {
  /** Text of the TOML file; empty where there is none. */
  readonly toml: string
  /** Name of the file, for errors. */
  readonly file: string
  /** Variables; those that begin with `APEX__` count. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** `KEY=VALUE` of `--set`. */
  readonly settings?: readonly string[]
}

/** What may be named in a configuration. */
export type KnownNames = {
  readonly chains: readonly Chain[]
  /** None means that any name will do. */
  dexes(chainId: number): readonly string[]
  lenders(chainId: number): readonly string[]
  relays?(chainId: number): readonly string[]
}

/**
 * Reads a configuration: the file, the environment over it, flags over both.
 *
 * @throws ConfigInvalidError at the first mistake, with the path of its key.
 * @example
 * const { chains } = parseConfig({ toml, file: 'apex.toml' }, known)
 * chains[0].risk.maxInput // 1000000000000000000n
 */
export function parseConfig(
  { toml, file, environment = {}, settings = [] }: ConfigSources,
  known: KnownNames,
): Config {
  const overrides = [
    ...environmentOverrides(environment),
    ...flagOverrides(settings),
  ]
  const values = checkValues(
    withOverrides(parseToml(toml, file), overrides),
    (place) => originOf(place, overrides),
  )
  return {
    database: values.database,
    killSwitch: values.killSwitch,
    chains: Object.entries(values.chains).map(([name, section]) =>
      chainConfig(name, section, known),
    ),
  }
}

function originOf(
  place: string,
  overrides: ReturnType<typeof flagOverrides>,
): string | undefined {
  const [key] = place.split('[')
  return overrides.findLast(({ keys }) => keys.join('.') === key)?.origin
}

function parseToml(toml: string, file: string): object {
  try {
    return parse(toml, { unsafeKeyBehaviour: 'throw', maxDepth: 20 })
  } catch (error) {
    // The error's text goes on with the lines themselves, which may hold keys.
    const { line, column, message } = error as {
      line?: number
      column?: number
      message: string
    }
    const [first = ''] = message.split('\n')
    throw new ConfigInvalidError(
      line === undefined ? file : `${file}:${line}:${column}`,
      `no TOML: ${first.replace('Invalid TOML document: ', '')}`,
      { hint: 'see https://toml.io' },
    )
  }
}

function chainConfig(
  name: string,
  section: ChainValues,
  known: KnownNames,
): ChainConfig {
  const chain = chainOf(name, section, known.chains)
  const checked = (
    key: 'dexes' | 'lenders' | 'relays',
  ): readonly string[] | undefined => {
    const names = section[key]
    const choice = known[key]?.(chain.chainId) ?? []
    const wrong = names?.findIndex((one) => !choice.includes(one)) ?? -1
    if (choice.length > 0 && wrong >= 0)
      throw new ConfigInvalidError(
        `chains.${name}.${key}[${wrong}]`,
        `none of that name is known on chain ${chain.chainId}`,
        { hint: `known: ${choice.join(', ')}` },
      )
    return names
  }
  const { executor, key, password, market, relayKey, baseTokens } = section
  return {
    name,
    chain,
    rpc: section.rpc,
    webSocket: section.webSocket,
    requestsPerSecond: section.requestsPerSecond,
    executor,
    key,
    password,
    dexes: checked('dexes'),
    lenders: checked('lenders'),
    market: market ?? `${name}.jsonl.gz`,
    baseTokens,
    maxHops: section.maxHops,
    logs: section.logs,
    provesLogs: section.provesLogs,
    relays: checked('relays') ?? chain.relays,
    relayKey,
    allowsPublic: section.allowsPublic,
    tip: section.tip,
    risk: section.risk,
    newPools: section.newPools,
  }
}

/** What is known of the chain, with what the section says of it. */
function chainOf(
  name: string,
  section: ChainValues,
  chains: readonly Chain[],
): Chain {
  const { chainId, blockTimeMs, finalityBlocks, feeModel } = section
  const named = chains.find((chain) => chain.name === name)
  // Development chains take any id; a public one has its own.
  const isFixed = named !== undefined && named.wrappedNative !== undefined
  if (named === undefined && chainId === undefined)
    throw new ConfigInvalidError(
      `chains.${name}`,
      'no chain of that name is known',
      {
        hint: `known: ${chains.map((chain) => chain.name).join(', ')}; another one needs its chainId`,
      },
    )
  if (isFixed && chainId !== undefined && chainId !== named.chainId)
    throw new ConfigInvalidError(
      `chains.${name}.chainId`,
      `${name} is chain ${named.chainId}, not ${chainId}`,
      { hint: 'leave it out, or call the chain otherwise' },
    )
  const like =
    chains.find((chain) => chain.chainId === (chainId ?? named?.chainId)) ??
    chains.find(({ wrappedNative }) => wrappedNative === undefined)!
  return {
    ...like,
    chainId: chainId ?? like.chainId,
    ...(blockTimeMs !== undefined && { blockTimeMs }),
    ...(finalityBlocks !== undefined && { finalityBlocks }),
    ...(feeModel !== undefined && { feeModel }),
    ...wrapper(section.wrappedNative),
  }
}

function wrapper(
  address: Hex | undefined,
): Pick<Chain, 'wrappedNative' | 'baseTokens'> | undefined {
  if (address === undefined) return undefined
  const token = { address, symbol: 'WETH', decimals: 18 }
  return { wrappedNative: token, baseTokens: [token] }
}
