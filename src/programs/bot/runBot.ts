import type { ChainConfig, Config } from '../../adapters/config/index.ts'
import { leaseLedgers, openSqliteStore } from '../../adapters/stores/index.ts'
import { ledgerOfChain } from './ledgerOfChain.ts'
import type { BotObserver, ChainSummary } from './options.ts'
import { superviseChain } from './superviseChain.ts'

/** How the chains of a configuration are traded. */
export type BotOptions = {
  readonly chains: readonly ChainConfig[]
  /** Whether transactions are sent. */
  readonly isLive: boolean
  /** Asked where a keystore's password is not configured. */
  readonly askPassword?: () => Promise<string>
} & Pick<Config, 'database' | 'killSwitch'>

/**
 * Trades on several chains side by side, each in a worker with its own engine,
 * until the signal asks to stop. A chain that cannot be traded ends alone, with
 * the reason in its summary. As long as it runs, its ledgers are its own.
 *
 * @throws LedgerInUseError where another bot trades on one of them: nothing was begun then.
 * @throws StoreInvalidError, PackageMissingError, and what an observer throws.
 */
export async function runBot(
  options: BotOptions,
  observer: BotObserver,
  signal: AbortSignal,
): Promise<readonly ChainSummary[]> {
  const { chains, database, isLive } = options
  const lease = await leaseLedgers(
    database,
    chains.map(({ chain }) => ledgerOfChain(chain.chainId, isLive)),
  )
  try {
    observer.onBegun?.()
    return await runChains(options, observer, signal)
  } finally {
    lease.release()
  }
}

async function runChains(
  { chains, database, killSwitch, isLive, askPassword }: BotOptions,
  observer: BotObserver,
  signal: AbortSignal,
): Promise<readonly ChainSummary[]> {
  // Made here and brought up to date once, before the workers open it.
  const store = await openSqliteStore(database)
  const failed = new AbortController()
  const parts = {
    store,
    observer,
    signal: AbortSignal.any([signal, failed.signal]),
    askPassword: askPassword && oneByOne(askPassword),
  }
  const runs = chains.map(async (section) => {
    try {
      const start = { section, database, killSwitch, isLive }
      return await superviseChain(start, parts)
    } catch (error) {
      failed.abort()
      throw error
    }
  })
  try {
    await Promise.allSettled(runs)
    return await Promise.all(runs)
  } finally {
    await store.close()
  }
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
