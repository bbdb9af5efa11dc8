import { chainNamed, chainOf } from '../adapters/chains/index.ts'
import type { ChainConfig } from '../adapters/config/index.ts'
import { createRpcPool } from '../adapters/feeds/rpc/index.ts'
import { parseSecretReference, readSecret } from '../adapters/keys/index.ts'
import { createHttpRpc, parseRpcUrl } from '../adapters/rpc/index.ts'
import { AddressInvalidError, parseAddress } from '../core/address.ts'
import type { Hex } from '../core/hex.ts'
import type { Rpc } from '../core/rpc.ts'
import { RpcError } from '../core/rpcError.ts'
import type { Chain } from '../market/chain.ts'
import type { Dex } from '../market/dex.ts'
import { createNodePost } from '../programs/nodePost.ts'
import { readRpcUrls } from '../programs/readConfig.ts'
import { readConfigOf } from './configOptions.ts'
import { UsageError } from './errors.ts'
import { chosenDexes } from './snapshotDexes.ts'
import type { SnapshotOptions } from './snapshotOptions.ts'

/** A chain that a snapshot is taken of. */
export type SnapshotChain = {
  readonly chainId: number
  readonly rpc: Rpc
  readonly dexes: readonly Dex[]
  /** Tokens that are trusted where the others are tried out. */
  readonly knownTokens: readonly Hex[]
  /** The market file of the configuration; undefined for a chain of the command line. */
  readonly market: string | undefined
  readonly multicall3: Hex | undefined
  readonly wrappedNative: Hex | undefined
}

/** A chain that was asked for, its nodes not yet opened. */
export type AskedChain = {
  /** As the configuration names it; undefined where it is of the command line alone. */
  readonly name: string | undefined
  /** @throws UsageError, KeyInvalidError, ConfigInvalidError, RpcError */
  open(): Promise<SnapshotChain>
}

/**
 * The chains that were asked for: that of the nodes on the command line, or
 * those of the configuration.
 * @throws UsageError, ConfigInvalidError
 */
export async function askedChains(
  options: SnapshotOptions,
): Promise<readonly AskedChain[]> {
  const { rpc } = options
  if (rpc) return [{ name: undefined, open: () => openGiven(rpc, options) }]
  const { chains } = await readConfigOf(options)
  const names = options.chain ?? chains.map(({ name }) => name)
  if (names.length === 0)
    throw new UsageError('the configuration has no chain', {
      hint: 'add a section chains.NAME, or name a node: --rpc',
    })
  return names.map((name) => {
    const section = chains.find((one) => one.name === name)
    if (!section)
      throw new UsageError(`the configuration has no chain ${name}`, {
        hint: `it has: ${chains.map((one) => one.name).join(', ') || 'none'}`,
      })
    return { name, open: () => openConfigured(section, options) }
  })
}

async function openConfigured(
  section: ChainConfig,
  options: SnapshotOptions,
): Promise<SnapshotChain> {
  const { name, chain, market, baseTokens, requestsPerSecond } = section
  const urls = await readRpcUrls(section)
  if (urls.length === 0)
    throw new UsageError(`chains.${name}.rpc names no node`)
  const rateLimit = requestsPerSecond && { callsPerSecond: requestsPerSecond }
  return {
    ...chainParts(chain.chainId, options, section.dexes),
    rpc: openPool(
      urls.map((url) => ({ url, ...(rateLimit && { rateLimit }) })),
      chain.chainId,
    ),
    knownTokens: knownTokens(chain, baseTokens),
    market,
    multicall3: options.multicall3 ?? chain.multicall,
    wrappedNative: options.wrappedNative ?? chain.wrappedNative?.address,
  }
}

async function openGiven(
  references: readonly string[],
  options: SnapshotOptions,
): Promise<SnapshotChain> {
  const [wanted, ...more] = options.chain ?? []
  if (more.length > 0)
    throw new UsageError('the nodes of --rpc are of one --chain')
  const urls = await Promise.all(references.map(readUrl))
  const chainId =
    wanted === undefined
      ? await askChainId(createHttpRpc({ url: urls[0]! }))
      : idOf(wanted)
  const { multicall3, wrappedNative } = options
  return {
    ...chainParts(chainId, options, undefined),
    rpc: openPool(
      urls.map((url) => ({ url })),
      chainId,
    ),
    knownTokens: knownTokens(chainOf(chainId), undefined),
    market: undefined,
    multicall3,
    wrappedNative,
  }
}

function chainParts(
  chainId: number,
  { dex, addDex }: SnapshotOptions,
  configured: readonly string[] | undefined,
): Pick<SnapshotChain, 'chainId' | 'dexes'> {
  return {
    chainId,
    dexes: chosenDexes(chainId, dex ?? configured, addDex ?? []),
  }
}

function openPool(
  urls: Parameters<typeof createRpcPool>[0]['urls'],
  chainId: number,
): Rpc {
  // A batch of the pyramid fills a request by itself.
  const post = createNodePost()
  return createRpcPool({ urls, chainId, batchSize: 1, post })
}

/** Where cycles begin: symbols are those of the chain's base tokens. */
function knownTokens(
  chain: Chain | undefined,
  names: readonly string[] | undefined,
): readonly Hex[] {
  return [
    ...(chain?.baseTokens ?? []).map(({ address }) => address),
    ...(names ?? []).flatMap((name) => addressIn(name) ?? []),
  ]
}

function addressIn(text: string): Hex | undefined {
  try {
    return parseAddress(text)
  } catch (error) {
    if (error instanceof AddressInvalidError) return undefined
    throw error
  }
}

function idOf(nameOrId: string): number {
  return /^[1-9]\d*$/.test(nameOrId)
    ? Number(nameOrId)
    : chainNamed(nameOrId).chainId
}

/** The URL may hold a key: it is never shown. */
async function readUrl(text: string): Promise<URL> {
  const isReference = /^(env|file):/.test(text)
  const url = parseRpcUrl(
    isReference
      ? await readSecret(parseSecretReference(text, 'RPC URL'), 'RPC URL')
      : text,
  )
  if (url) return url
  throw new UsageError('--rpc is no http or https URL', {
    hint: 'nor a reference to one: env:NAME or file:PATH',
  })
}

async function askChainId(rpc: Rpc): Promise<number> {
  const method = 'eth_chainId'
  const chainId = Number(await rpc.request(method))
  if (Number.isSafeInteger(chainId) && chainId > 0) return chainId
  throw new RpcError(`${method}: the answer is no chain id`, { method })
}
