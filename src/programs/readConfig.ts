import { readFile } from 'node:fs/promises'
import { chains } from '../adapters/chains/index.ts'
import {
  type ChainConfig,
  type Config,
  ConfigInvalidError,
  type KnownNames,
  parseConfig,
} from '../adapters/config/index.ts'
import { dexesOf } from '../adapters/dexes/index.ts'
import { parseSecretReference, readSecret } from '../adapters/keys/index.ts'
import { lendersOf } from '../adapters/lenders/index.ts'
import { relaysOf } from '../adapters/relays/index.ts'
import { parseRpcUrl, parseWebSocketUrl } from '../adapters/rpc/index.ts'

/** Where a configuration lies that nobody named. */
export const defaultConfigFile = 'apex.toml'

const known: KnownNames = {
  chains,
  dexes: (chainId) => dexesOf(chainId).map(({ name }) => name),
  lenders: (chainId) => lendersOf(chainId).map(({ name }) => name),
  relays: (chainId) => relaysOf(chainId).map(({ name }) => name),
}

/** Which configuration is read. */
export type ReadConfigOptions = {
  /** Default {@link defaultConfigFile}. */
  readonly file?: string | undefined
  /** `KEY=VALUE`, over file and environment. */
  readonly settings?: readonly string[] | undefined
  /** Default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/**
 * Reads the configuration of this process: the file, `APEX__…` variables over
 * it, settings over both.
 *
 * @throws ConfigInvalidError where there is no file, or it has a mistake.
 * @example
 * const { chains } = await readConfig({ settings: ['chains.base.maxHops=2'] })
 */
export async function readConfig(
  options: ReadConfigOptions = {},
): Promise<Config> {
  const { file = defaultConfigFile, settings = [] } = options
  const { environment = process.env } = options
  const toml = await readToml(file)
  return parseConfig({ toml, file, environment, settings }, known)
}

/**
 * The URLs of a chain's nodes over HTTP, references followed. They may hold
 * keys: show only their host.
 *
 * @throws KeyInvalidError where a reference leads nowhere.
 * @throws ConfigInvalidError where what it leads to is no URL.
 */
export async function readRpcUrls({
  name,
  rpc,
}: Pick<ChainConfig, 'name' | 'rpc'>): Promise<URL[]> {
  return readUrls(rpc, `chains.${name}.rpc`, parseRpcUrl)
}

/** The URLs of a chain's nodes over WebSocket; otherwise as {@link readRpcUrls}. */
export async function readWebSocketUrls({
  name,
  webSocket,
}: Pick<ChainConfig, 'name' | 'webSocket'>): Promise<URL[]> {
  return readUrls(webSocket, `chains.${name}.webSocket`, parseWebSocketUrl)
}

/** The password of a chain's keystore; undefined where none is named. @throws KeyInvalidError */
export async function readPassword({
  password,
}: Pick<ChainConfig, 'password'>): Promise<string | undefined> {
  if (password === undefined) return undefined
  return readSecret(parseSecretReference(password, 'password'), 'password')
}

async function readToml(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new ConfigInvalidError(file, 'there is no such file', {
      hint: 'apex init writes one; --config names another',
    })
  }
}

async function readUrls(
  entries: readonly string[],
  place: string,
  parse: (text: string) => URL | undefined,
): Promise<URL[]> {
  return Promise.all(
    entries.map(async (entry, i) => {
      const isReference = /^(?:env|file):/.test(entry)
      const text = isReference
        ? await readSecret(parseSecretReference(entry, 'URL'), 'URL')
        : entry
      const url = parse(text)
      if (url) return url
      throw new ConfigInvalidError(
        `${place}[${i}]`,
        'what it refers to is no URL of a node',
      )
    }),
  )
}
