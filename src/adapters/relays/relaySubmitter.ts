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
  /** The latest block's number as known, so that no block that is past is asked for. */
  readonly head?: () => number
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
 * @example
 * const submitter = createRelaySubmitter({ relays: relaysOf(1), signer })
 * createApex({ market, execution: { ...options, submitter } })
 */
export function createRelaySubmitter({
  relays,
  signer,
  head,
  timeoutMs = defaultTimeoutMs,
}: RelaySubmitterOptions): Submitter {
  const privates = relays
    .filter((relay) => relay.kind === 'private')
    .map((relay) => ({ relay, ask: askRelay(relay, signer, timeoutMs) }))
  const builders = relays.filter((relay) => relay.kind === 'builder')
  const bundles = createBundleClient(builders, signer, timeoutMs)
  return {
    name: relays.map(({ name }) => name).join('+'),
    async submit(transaction) {
      const sent = privates.map(({ relay, ask }) =>
        ask(relay.method, privateParams(relay, transaction)),
      )
      const answers = bundles.send({
        transactions: [transaction.raw],
        blocks: targetBlocks(transaction, head?.()),
      })
      const outcomes = await Promise.all(sent)
      for (const { outcome } of await answers) outcomes.push(outcome)
      checkTaken(outcomes)
    },
  }
}

/** What a private relay wants for a transaction. */
function privateParams(
  { method }: PrivateRelay,
  { raw, lastBlock }: SignedTransaction,
): readonly unknown[] {
  if (method === 'eth_sendRawTransaction') return [raw]
  const maxBlockNumber = `0x${lastBlock.toString(16)}`
  return [{ tx: raw, maxBlockNumber, preferences: { fast: true } }]
}

function targetBlocks(
  { firstBlock, lastBlock }: SignedTransaction,
  head = firstBlock - 1,
): readonly number[] {
  const first = Math.max(firstBlock, head + 1)
  const count = Math.max(0, Math.min(mostBlocks, lastBlock - first + 1))
  return Array.from({ length: count }, (_, i) => first + i)
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

/** Where the relays' builders want their tip; undefined: at the block's coinbase. */
export function tipToOf(relays: readonly Relay[]): BuilderRelay['tipTo'] {
  const [only, ...others] = new Set(
    relays.flatMap((relay) => (relay.kind === 'builder' ? [relay.tipTo] : [])),
  )
  return others.length === 0 ? only : undefined
}
