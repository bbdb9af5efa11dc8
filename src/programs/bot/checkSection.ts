import { access } from 'node:fs/promises'
import type { ChainConfig } from '../../adapters/config/index.ts'
import { ConfigInvalidError } from '../../adapters/config/index.ts'
import { readRpcUrls, readWebSocketUrls } from '../readConfig.ts'

/** What of a section a bot cannot do without. */
export type CheckedSection = {
  /** At least one. They may hold keys. */
  readonly urls: readonly URL[]
  readonly webSocketUrls: readonly URL[]
  /** Path of the market file. */
  readonly market: string
  /** Undefined where the chain is only watched. */
  readonly trading:
    | { readonly executor: `0x${string}`; readonly key: string }
    | undefined
}

/**
 * Holds the sections that a bot is started with against what it needs of them.
 *
 * @throws ConfigInvalidError where something is missing, or two are of one chain.
 * @throws KeyInvalidError where a reference to a URL leads nowhere.
 * @throws PackageMissingError where new tokens are to be tried out and the
 * package that this takes is not installed.
 */
export async function checkSections(
  sections: readonly ChainConfig[],
  isLive: boolean,
): Promise<void> {
  for (const section of sections) {
    const { name, chain } = section
    const like = sameChain(section, sections)
    if (like !== undefined)
      throw new ConfigInvalidError(
        `chains.${name}`,
        `it is of chain ${chain.chainId}, as chains.${like} is`,
        {
          hint: `a bot trades a chain once: choose one of them with --chain ${name}`,
        },
      )
    await checkSection(section, isLive)
  }
}

/** Name of another section of the same chain: they would share a ledger, each with limits of its own. */
export function sameChain(
  { name, chain }: ChainConfig,
  sections: readonly ChainConfig[],
): string | undefined {
  return sections.find(
    (other) => other.name !== name && other.chain.chainId === chain.chainId,
  )?.name
}

/**
 * Holds a section against what the bot needs of it, before anything is opened
 * or asked: what a person has to mend is told before the first chain runs.
 *
 * @throws ConfigInvalidError where something is missing.
 * @throws KeyInvalidError where a reference to a URL leads nowhere.
 * @throws PackageMissingError where new tokens are to be tried out and the
 * package that this takes is not installed.
 */
export async function checkSection(
  section: ChainConfig,
  isLive: boolean,
): Promise<CheckedSection> {
  const place = `chains.${section.name}`
  const urls = await readRpcUrls(section)
  if (urls.length === 0)
    throw new ConfigInvalidError(`${place}.rpc`, 'no node is named')
  const { join, withNewTokens } = section.newPools
  if (join && withNewTokens) {
    // Only here: it brings along all that runs contracts.
    const { checkEmbeddedChain } = await import('../../adapters/evm/index.ts')
    await checkEmbeddedChain()
  }
  return {
    urls,
    webSocketUrls: await readWebSocketUrls(section),
    market: await marketOf(section),
    trading: tradingOf(section, isLive),
  }
}

async function marketOf({ name, market }: ChainConfig): Promise<string> {
  const place = `chains.${name}.market`
  try {
    await access(market)
  } catch {
    throw new ConfigInvalidError(place, `${market} cannot be read`, {
      hint: 'apex snapshot writes it',
    })
  }
  return market
}

function tradingOf(
  section: ChainConfig,
  isLive: boolean,
): CheckedSection['trading'] {
  const { executor, key } = section
  if (executor === undefined && !isLive) return undefined
  const [fault] = tradingFaults(section, isLive)
  if (fault) throw fault
  return { executor: executor!, key: key! }
}

/** What keeps a bot from trading with this section. */
export function tradingFaults(
  { name, chain, executor, key, relays, allowsPublic }: ChainConfig,
  isLive: boolean,
): readonly ConfigInvalidError[] {
  const fault = (field: string, what: string, hint: string) =>
    new ConfigInvalidError(`chains.${name}.${field}`, what, { hint })
  const isSeen = relays.length === 0 && chain.hasPublicMempool && !allowsPublic
  return [
    ...(executor === undefined
      ? [
          fault(
            'executor',
            'no executor is named to trade with',
            'apex deploy makes one; without --live the chain is watched',
          ),
        ]
      : []),
    ...(isLive && isSeen
      ? [
          fault(
            'relays',
            'everybody would see what is sent through the node',
            'name relays, or set allowsPublic = true',
          ),
        ]
      : []),
    ...(key === undefined
      ? [
          fault(
            'key',
            'no account is named that calls the executor',
            'apex key new makes one',
          ),
        ]
      : []),
  ]
}
