import { parseSecretReference, readSecret } from '../adapters/keys/index.ts'
import { parseRpcUrl } from '../adapters/rpc/index.ts'
import type { ForkOptions } from '../programs/simulate/options.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { readMarket } from './readFile.ts'

/** What the command line says of a fork. */
export type ForkArguments = {
  readonly fork?: string
  readonly block?: number
  readonly market?: string
}

/**
 * The fork that was asked for, with its pools; undefined where there is none.
 *
 * @throws UsageError, KeyInvalidError, MarketFileError
 */
export async function readFork(
  { fork, block, market }: ForkArguments,
  io: Io,
): Promise<ForkOptions | undefined> {
  if (fork === undefined) {
    for (const [name, value] of Object.entries({ block, market }))
      if (value !== undefined)
        throw new UsageError(`--${name} belongs to --fork, which is missing`)
    return undefined
  }
  if (block === undefined)
    throw new UsageError('--fork needs the block to fork at: --block N')
  if (market === undefined)
    throw new UsageError('--fork needs the pools to trade: --market FILE')
  return {
    url: await readUrl(fork),
    blockNumber: block,
    market: await readMarket(market, io),
  }
}

/** The URL may hold a key: it is never shown. */
async function readUrl(text: string): Promise<string> {
  const isReference = /^(env|file):/.test(text)
  const url = parseRpcUrl(
    isReference
      ? await readSecret(parseSecretReference(text, 'RPC URL'), 'RPC URL')
      : text,
  )
  if (url === undefined)
    throw new UsageError('--fork is no http or https URL', {
      hint: 'nor a reference to one: env:NAME or file:PATH',
    })
  return url.href
}
