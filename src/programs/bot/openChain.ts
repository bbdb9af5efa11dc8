import { checkChain } from '../../adapters/chains/index.ts'
import type { ChainConfig } from '../../adapters/config/index.ts'
import { dexesOf } from '../../adapters/dexes/index.ts'
import {
  createHeadFeed,
  createRpcPool,
} from '../../adapters/feeds/rpc/index.ts'
import { openSigner, readKeyAddress } from '../../adapters/keys/index.ts'
import { lendersOf } from '../../adapters/lenders/index.ts'
import type { Rpc } from '../../core/rpc.ts'
import type { Signer } from '../../core/signer.ts'
import type { ExecutionStore } from '../../market/executionStore.ts'
import { readMarketFile } from '../../market/marketFile.ts'
import type { RiskStore } from '../../market/risk.ts'
import { l1DataFeeBy } from '../../services/execute/l1DataFee.ts'
import { createRisk, type RiskLimits } from '../../services/risk/createRisk.ts'
import { newTokenTrials } from '../newTokenTrials.ts'
import { createNodePost } from '../nodePost.ts'
import { readPassword } from '../readConfig.ts'
import { type CheckedSection, checkSection } from './checkSection.ts'
import { ledgerOfChain } from './ledgerOfChain.ts'
import { openRelays } from './openRelays.ts'
import type { ChainBotOptions } from './options.ts'

/** What the chains of a bot have in common. */
export type OpenChainParts = {
  readonly store: ExecutionStore & RiskStore
  readonly killSwitch: () => Promise<string | undefined>
  readonly isLive: boolean
  /** Asked where a keystore's password is not configured. */
  readonly askPassword?: () => Promise<string>
}

const secondsPerMinute = 60
/** Blocks that a head may be old, though never less than a minute. */
const mostHeadAgeBlocks = 20

/**
 * Makes of a section of the configuration all that {@link runChainBot} is
 * given. A dry run opens no key: it has the address only, and a ledger of its
 * own.
 *
 * @throws ConfigInvalidError where something is missing that trading needs.
 * @throws ChainMismatchError, KeyInvalidError, RiskOptionError, RpcError, StoreInvalidError
 */
export async function openChain(
  section: ChainConfig,
  parts: OpenChainParts,
): Promise<ChainBotOptions> {
  const { name, chain, baseTokens, maxHops, requestsPerSecond } = section
  const { store, isLive, killSwitch } = parts
  const checked = await checkSection(section, isLive)
  const { urls, webSocketUrls, market, trading } = checked
  const { chainId, blockTimeMs } = chain
  const rpc = createRpcPool({
    urls: urls.map((url) => ({
      url,
      ...(requestsPerSecond !== undefined && {
        rateLimit: { callsPerSecond: requestsPerSecond },
      }),
    })),
    chainId,
    post: createNodePost(),
  })
  await checkChain(rpc, chain)
  const ledger = ledgerOfChain(chainId, isLive)
  const risk = await createRisk({
    limits: limitsOf(section),
    store,
    ledger,
    clock: () => Math.floor(Date.now() / 1000),
    killSwitch,
  })
  const dexes = chosen(dexesOf(chainId), section.dexes)
  const { wrappedNative } = chain
  const bases = baseTokens ?? (wrappedNative && [wrappedNative.address])
  return {
    name,
    chain,
    openMarket: () => readMarketFile(market),
    rpc,
    openHeads: () =>
      createHeadFeed({
        webSocketUrls,
        rpc,
        chainId,
        blockTimeMs,
      }),
    dexes,
    execution: trading && (await executionOf(section, trading, parts, rpc)),
    risk,
    store,
    ledger,
    growth: growthOf(section, rpc, dexes),
    logs: section.logs,
    provesLogs: section.provesLogs,
    scan: { maxHops, ...(bases && { baseTokens: bases }) },
    isLive,
  }
}

async function executionOf(
  section: ChainConfig,
  { executor, key }: NonNullable<CheckedSection['trading']>,
  parts: OpenChainParts,
  rpc: Rpc,
): Promise<ChainBotOptions['execution']> {
  const { chain, tip, risk, relays, lenders } = section
  const { isLive } = parts
  return {
    executor,
    lenders: chosen(lendersOf(chain.chainId), lenders),
    tip,
    minNetProfit: risk.minNetProfit,
    l1DataFee: l1DataFeeBy(chain.feeModel),
    ...(isLive
      ? { signer: await signerOf(section, key, parts) }
      : { operator: await readKeyAddress(key) }),
    ...(isLive && relays.length > 0 && (await openRelays(section, rpc))),
  }
}

async function signerOf(
  section: ChainConfig,
  key: string,
  { askPassword }: OpenChainParts,
): Promise<Signer> {
  const password = (await readPassword(section)) ?? askPassword
  return await openSigner(key, { password })
}

function growthOf(
  { chain, newPools, risk }: ChainConfig,
  rpc: Rpc,
  dexes: ChainBotOptions['dexes'],
): ChainBotOptions['growth'] {
  const { join, leastTrade, withNewTokens, most } = newPools
  if (!join) return undefined
  const { chainId, baseTokens, wrappedNative } = chain
  const known = [...baseTokens, ...(wrappedNative ? [wrappedNative] : [])].map(
    ({ address }) => address,
  )
  return {
    ...(withNewTokens && {
      tryTokens: newTokenTrials({ rpc, chainId, dexes, known }),
    }),
    leastTrade,
    joinsNewTokens: withNewTokens,
    mostJoining: most,
    baseTokens: baseTokens.map(({ address }) => address),
    refusedTokens: risk.blockedTokens,
    refusedPools: risk.blockedPools,
    multicall3: chain.multicall,
  }
}

function limitsOf({ chain, risk }: ChainConfig): RiskLimits {
  const { maxInput, maxTradesPerMinute, ...limits } = risk
  return {
    ...limits,
    maxInputWorth: maxInput,
    rate: { trades: maxTradesPerMinute, seconds: secondsPerMinute },
    maxHeadAgeSeconds: Math.max(
      secondsPerMinute,
      Math.ceil((mostHeadAgeBlocks * chain.blockTimeMs) / 1000),
    ),
  }
}

function chosen<T extends { readonly name: string }>(
  known: readonly T[],
  names: readonly string[] | undefined,
): readonly T[] {
  return names ? known.filter(({ name }) => names.includes(name)) : known
}
