import { zeroAddress } from '../../core/address.ts'
import { larger } from '../../core/bigints.ts'
import type { Hex } from '../../core/hex.ts'
import { isHash } from '../../core/rpcAnswers.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { MessageSigner } from '../../core/signer.ts'
import type { SignedTransaction, Submitter } from '../../market/submitter.ts'
import type { RpcOutcome } from '../jsonRpcHttp.ts'
import { askRelay } from './askRelay.ts'
import { createBundleClient } from './bundleClient.ts'
import type { BuilderRelay, PrivateRelay, Relay } from './relay.ts'

/** What {@link createRelaySubmitter} is told. */
export type RelaySubmitterOptions = {
  /** All of them get every transaction, at once. */
  readonly relays: readonly Relay[]
  /** Who relays know us by: not the account that trades. */
  readonly signer: MessageSigner
  /** The latest block's number as known: only later ones are asked for. Default: the transaction's first, of whose state it was made. */
  readonly head?: () => number
  /** Where it goes when it surely reached none of them: a node, in sight of everybody. Left out: nowhere. */
  readonly fallback?: Submitter
  /** For each answer, in milliseconds. Default 5000. */
  readonly timeoutMs?: number
}

const defaultTimeoutMs = 5000
/** Bundles for more blocks than these are not sent: relays take no more ahead. */
const mostBlocks = 25
/** JSON-RPC's code for faults of a server, where none answered with one of its own. */
const notSentCode = -32_000

/**
 * Sends transactions to private relays and builders, past the public pool. It
 * is sent where one of them takes it.
 *
 * Builders that want their tip at an address of their own get a version of
 * their own: a tip paid to one of them is worth nothing to another, and one
 * alone would not reach the blocks of the others. All versions have one nonce,
 * so that whichever is mined first is the only one.
 *
 * @example
 * const submitter = createRelaySubmitter({ relays: relaysOf(1), signer })
 * createApex({ market, execution: { ...options, submitter } })
 */
export function createRelaySubmitter({
  relays,
  signer,
  head,
  fallback,
  timeoutMs = defaultTimeoutMs,
}: RelaySubmitterOptions): Submitter {
  const privates = relays
    .filter((relay) => relay.kind === 'private')
    .map((relay) => ({ relay, ask: askRelay(relay, signer, timeoutMs) }))
  const builders = relays
    .filter((relay) => relay.kind === 'builder')
    .map((relay) => ({
      tipTo: tipToOf(relay),
      bundles: createBundleClient([relay], signer, timeoutMs),
    }))
  const names = relays.map(({ name }) => name).join('+')
  return {
    name: fallback ? `${names}, else ${fallback.name}` : names,
    isPrivate: fallback === undefined,
    tipTo: receivers(
      new Set(builders.map(({ tipTo }) => tipTo)),
      privates.length > 0 || fallback !== undefined,
    ),
    async submit(transaction) {
      const { raw: paysCoinbase } = version(transaction, zeroAddress)
      const blocks = targetBlocks(transaction, head?.())
      const sent = privates.map(async ({ relay, ask }) => {
        const params = privateParams(relay, transaction, paysCoinbase)
        return [heldByHash(relay, await ask(relay.method, params))]
      })
      const bundled = builders.map(async ({ tipTo, bundles }) => {
        const transactions = [version(transaction, tipTo).raw]
        const answers = await bundles.send({ transactions, blocks })
        return answers.map(({ outcome }) => outcome)
      })
      try {
        await oneTakes([...sent, ...bundled])
      } catch (error) {
        if (!fallback || !isSurelyNowhere(error)) throw error
        await fallback.submit({
          ...transaction,
          ...version(transaction, zeroAddress),
        })
      }
    },
  }
}

/** Addresses of builders come first: paying them takes more gas than the coinbase does, which is warm (EIP-3651), and the first is simulated. */
function receivers(ofBuilders: ReadonlySet<Hex>, withCoinbase: boolean): Hex[] {
  const own = [...ofBuilders].filter((tipTo) => tipTo !== zeroAddress)
  const isLast = withCoinbase || own.length < ofBuilders.size
  return isLast ? [...own, zeroAddress] : own
}

/** That which pays its tip there; the transaction as it is where it is in one version only. */
function version(
  { hash, raw, versions }: SignedTransaction,
  tipTo: Hex,
): Pick<SignedTransaction, 'hash' | 'raw'> {
  const found = versions.find((one) => one.tipTo === tipTo)
  return found ? { hash: found.hash, raw: found.raw } : { hash, raw }
}

/** What a private relay wants for a transaction. */
function privateParams(
  { method }: PrivateRelay,
  { lastBlock }: SignedTransaction,
  raw: Hex,
): readonly unknown[] {
  if (method === 'eth_sendRawTransaction') return [raw]
  const maxBlockNumber = `0x${lastBlock.toString(16)}`
  return [{ tx: raw, maxBlockNumber, preferences: { fast: true } }]
}

function targetBlocks(
  { firstBlock, lastBlock }: SignedTransaction,
  head = firstBlock,
): readonly number[] {
  const first = Math.max(firstBlock, head + 1)
  const count = Math.max(0, Math.min(mostBlocks, lastBlock - first + 1))
  return Array.from({ length: count }, (_, i) => first + i)
}

/** A private node that has a transaction answers with its hash; anything else tells nothing. */
function heldByHash({ method }: PrivateRelay, outcome: RpcOutcome): RpcOutcome {
  if (outcome.kind !== 'result' || isHash(outcome.result)) return outcome
  const error = new RpcError(`${method}: the answer is no hash`, { method })
  return { kind: 'lost', error }
}

/** Waits for the first that takes it: who is slow, or silent, keeps nobody waiting. @throws RpcError where none does */
async function oneTakes(
  asked: readonly Promise<readonly RpcOutcome[]>[],
): Promise<void> {
  const takings = asked.map(async (outcomes) => checkTaken(await outcomes))
  const isTaken = Promise.any(takings).then(
    () => true,
    () => false,
  )
  if (!(await isTaken)) checkTaken((await Promise.all(asked)).flat())
}

/**
 * One that took it is enough. Where one may have it though its answer got
 * lost, the error has no `rpcCode`: only the chain can tell. Where it surely
 * reached nobody, it has one.
 */
function checkTaken(outcomes: readonly RpcOutcome[]): void {
  const faults = outcomes.filter((outcome) => outcome.kind !== 'result')
  if (faults.length < outcomes.length) return
  const lost = faults.find(({ kind }) => kind === 'lost')
  if (lost) throw lost.error
  const refusal = faults.find(({ error }) => 'rpcCode' in error.facts)
  if (refusal) throw refusal.error
  const [first] = faults
  throw new RpcError(
    first?.error.message ?? 'eth_sendBundle: no block is left to send it for',
    { method: 'eth_sendBundle', rpcCode: notSentCode },
  )
}

/** As {@link checkTaken} says it: with a code. */
function isSurelyNowhere(error: unknown): boolean {
  return error instanceof RpcError && 'rpcCode' in error.facts
}

/** The least gas price that all of the relays look at, in wei. */
export function leastGasPriceOf(relays: readonly Relay[]): bigint {
  const prices = relays.map((relay) =>
    relay.kind === 'builder' ? (relay.minGasPrice ?? 0n) : 0n,
  )
  return prices.reduce(larger, 0n)
}

function tipToOf({ tipTo = zeroAddress }: BuilderRelay): Hex {
  return tipTo
}
