import { withoutSecrets } from '../withoutSecrets.ts'
import type { ChainConfig, Config } from './config.ts'

/** A configuration fit to be shown: amounts as decimal strings of wei, of URLs the host, of secrets where they lie. */
export type ShownConfig = Omit<Config, 'chains'> & {
  readonly chains: readonly ShownChain[]
}

export type ShownChain = Omit<ChainConfig, 'chain'> & {
  readonly chainId: number
}

/**
 * The merged configuration without what may be a secret: keys hide in paths,
 * queries and names of URLs, so only the host is left of them.
 *
 * @example
 * showConfig(config).chains[0].rpc // ['https://mainnet.example/…']
 */
export function showConfig(config: Config): ShownConfig {
  return {
    database: withoutSecrets(config.database),
    killSwitch: withoutSecrets(config.killSwitch),
    chains: config.chains.map(({ chain, ...section }) => ({
      ...section,
      chainId: chain.chainId,
      rpc: section.rpc.map(showUrl),
      webSocket: section.webSocket.map(showUrl),
      key: shown(section.key),
      password: shown(section.password),
      market: withoutSecrets(section.market),
      baseTokens: section.baseTokens?.map(withoutSecrets),
      relayKey: shown(section.relayKey),
    })),
  }
}

/** A reference as it is; of a URL scheme and host. */
export function showUrl(urlOrReference: string): string {
  if (/^(?:env|file):/.test(urlOrReference))
    return withoutSecrets(urlOrReference)
  const url = new URL(urlOrReference)
  const isBare =
    url.pathname === '/' &&
    !(url.search || url.hash || url.username || url.password)
  return `${url.protocol}//${url.host}${isBare ? '' : '/…'}`
}

function shown(text: string | undefined): string | undefined {
  return text === undefined ? undefined : withoutSecrets(text)
}
