import type { ChainConfig, Config } from '../../adapters/config/index.ts'
import { killSwitchFile, openSqliteStore } from '../../adapters/stores/index.ts'
import { ApexError } from '../../core/errors.ts'
import { ChainTally } from './chainTally.ts'
import { type OpenChainParts, openChain } from './openChain.ts'
import type { BotObserver, ChainSummary } from './options.ts'
import { runChainBot } from './runChainBot.ts'

/** How the chains of a configuration are traded. */
export type BotOptions = Pick<OpenChainParts, 'isLive' | 'askPassword'> & {
  readonly chains: readonly ChainConfig[]
} & Pick<Config, 'database' | 'killSwitch'>

/**
 * Trades on several chains side by side in this process, each with its own
 * engine, until the signal asks to stop. A chain that cannot be traded ends
 * alone, with the reason in its summary.
 *
 * @throws StoreInvalidError, PackageMissingError
 */
export async function runBot(
  options: BotOptions,
  observer: BotObserver,
  signal: AbortSignal,
): Promise<readonly ChainSummary[]> {
  const { chains, database, killSwitch, isLive, askPassword } = options
  const store = await openSqliteStore(database)
  const parts: OpenChainParts = {
    store,
    killSwitch: killSwitchFile(killSwitch),
    isLive,
    ...(askPassword && { askPassword: oneByOne(askPassword) }),
  }
  try {
    return await Promise.all(
      chains.map((section) => runSection(section, parts, observer, signal)),
    )
  } finally {
    await store.close()
  }
}

async function runSection(
  section: ChainConfig,
  parts: OpenChainParts,
  observer: BotObserver,
  signal: AbortSignal,
): Promise<ChainSummary> {
  const { name, chain } = section
  try {
    return await runChainBot(await openChain(section, parts), observer, signal)
  } catch (error) {
    const endedBy = inWords(error)
    observer.onFault?.(name, endedBy)
    return new ChainTally().summary({
      chain: name,
      chainId: chain.chainId,
      isLive: parts.isLive,
      open: 0,
      endedBy,
    })
  }
}

/** Of what is no error of ours only its kind is told: its words may hold a URL. */
function inWords(error: unknown): string {
  if (error instanceof ApexError)
    return error.hint ? `${error.message}; ${error.hint}` : error.message
  const { code } = (error ?? {}) as { code?: unknown }
  return `${error instanceof Error ? error.name : 'fault'}${typeof code === 'string' ? ` ${code}` : ''}`
}

/** Two questions at once would read each other's answers. */
function oneByOne<T>(ask: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const answer = last.then(ask)
    last = answer.catch(() => {})
    return answer
  }
}
