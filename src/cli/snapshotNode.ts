import { dexesOf } from '../adapters/dexes/index.ts'
import { createRpcPool } from '../adapters/feeds/rpc/index.ts'
import { parseSecretReference, readSecret } from '../adapters/keys/index.ts'
import { createHttpRpc, parseRpcUrl } from '../adapters/rpc/index.ts'
import { parseAddress } from '../core/address.ts'
import type { Rpc } from '../core/rpc.ts'
import { RpcError } from '../core/rpcError.ts'
import type { Dex } from '../market/dex.ts'
import { UsageError } from './errors.ts'

/** A chain as its nodes are asked. */
export type SnapshotNode = { readonly rpc: Rpc; readonly chainId: number }

/** A DEX of the command line: it is in no list of a chain. */
export type GivenDex = Omit<Dex, 'chainId'>

/**
 * Opens the nodes that were named: URLs, or references to them.
 *
 * @param chainId where it is known; otherwise the first node tells.
 * @throws UsageError, KeyInvalidError, RpcError
 */
export async function openNode(
  references: readonly string[],
  chainId?: number,
): Promise<SnapshotNode> {
  const urls = await Promise.all(references.map(readUrl))
  const known = chainId ?? (await askChainId(createHttpRpc({ url: urls[0]! })))
  return {
    chainId: known,
    // A batch of the pyramid fills a request by itself.
    rpc: createRpcPool({ urls, chainId: known, batchSize: 1 }),
  }
}

/**
 * The DEXes that were named, of the chain's list and of those given beside it;
 * all of them where none is named.
 * @throws UsageError
 */
export function chosenDexes(
  chainId: number,
  names: readonly string[] | undefined,
  given: readonly GivenDex[],
): readonly Dex[] {
  const known = new Map<string, Dex>()
  for (const dex of dexesOf(chainId)) known.set(dex.name, dex)
  for (const dex of given) known.set(dex.name, { chainId, ...dex })
  if (known.size === 0)
    throw new UsageError(`no DEX of chain ${chainId} is known`, {
      hint: 'give one: --add-dex NAME,PROTOCOL,ADDRESS[,FEE_PIPS]',
    })
  return (names ?? [...known.keys()]).map((name) => {
    const dex = known.get(name)
    if (!dex)
      throw new UsageError(`no DEX of chain ${chainId} is called ${name}`, {
        hint: `known: ${[...known.keys()].join(', ')}`,
      })
    return dex
  })
}

/** Reads `NAME,PROTOCOL,ADDRESS[,FEE_PIPS]`; may be given several times. */
export function givenDex(
  text: string,
  before: readonly GivenDex[] = [],
): readonly GivenDex[] {
  const [name, protocol, address, fee, ...rest] = text.split(',')
  const isFee = fee === undefined || /^\d{1,6}$/.test(fee)
  if (!name || !protocol || !address || !isFee || rest.length > 0)
    throw new UsageError(
      `--add-dex is not NAME,PROTOCOL,ADDRESS[,FEE_PIPS]: ${text}`,
    )
  return [
    ...before,
    {
      name,
      protocol,
      address: parseAddress(address),
      ...(fee !== undefined && { feePips: Number(fee) }),
      verified: false,
      source: 'the command line',
    },
  ]
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
