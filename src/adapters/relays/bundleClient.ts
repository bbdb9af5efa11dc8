import type { Hex } from '../../core/hex.ts'
import { hashIn, isHash } from '../../core/rpcAnswers.ts'
import { RpcError } from '../../core/rpcError.ts'
import type { MessageSigner } from '../../core/signer.ts'
import type { RpcOutcome } from '../jsonRpcHttp.ts'
import { type AskRelay, askRelay } from './askRelay.ts'
import type { BuilderRelay } from './relay.ts'

/** Signed transactions to be included together, in order, or not at all. */
export type Bundle = {
  readonly transactions: readonly Hex[]
  /** Blocks it may be in. */
  readonly blocks: readonly number[]
  /** A later bundle of this name (UUID) replaces it, where the builder knows how. */
  readonly replacementUuid?: string
  /** Unix seconds. */
  readonly maxTimestamp?: number
}

/** What one builder said to a bundle for one block, or for all blocks up to one. */
export type BundleAnswer = {
  readonly relay: string
  readonly blockNumber: number
  readonly outcome: RpcOutcome
  /** As the builder names it, where it does. */
  readonly bundleHash: Hex | undefined
}

/** What running a bundle gave; amounts in wei. */
export type BundleSimulation = {
  readonly gasUsed: bigint
  /** Fees and tips the block's builder would gain. */
  readonly coinbaseDiff: bigint
  /** The first transaction that reverts. */
  readonly revert:
    | { readonly txHash: Hex; readonly error: string; readonly data?: Hex }
    | undefined
}

/** Bundles to several builders at once. */
export type BundleClient = {
  /** One answer for each builder and request; never rejects. */
  send(bundle: Bundle): Promise<readonly BundleAnswer[]>
  /** Takes bundles of this name back, where builders know how; never rejects. */
  cancel(replacementUuid: string): Promise<readonly RpcOutcome[]>
  /**
   * Runs a bundle as in this block, on the latest state, at the first builder
   * that simulates; undefined where none does.
   *
   * @throws RpcError
   */
  simulate(
    transactions: readonly Hex[],
    blockNumber: number,
  ): Promise<BundleSimulation | undefined>
}

export function createBundleClient(
  builders: readonly BuilderRelay[],
  signer: MessageSigner,
  timeoutMs: number,
): BundleClient {
  const asked = builders.map((relay) => ({
    relay,
    ask: askRelay(relay, signer, timeoutMs),
  }))
  return {
    async send(bundle) {
      const answers = asked.flatMap(({ relay, ask }) =>
        targets(relay, bundle).map((block) => send(relay, ask, bundle, block)),
      )
      return await Promise.all(answers)
    },
    async cancel(replacementUuid) {
      const able = asked.filter(({ relay }) => relay.canReplace)
      return await Promise.all(
        able.map(({ ask }) => ask('eth_cancelBundle', [{ replacementUuid }])),
      )
    },
    async simulate(transactions, blockNumber) {
      const builder = asked.find(({ relay }) => relay.canSimulate)
      if (!builder) return undefined
      const outcome = await builder.ask('eth_callBundle', [
        {
          txs: transactions,
          blockNumber: hex(blockNumber),
          stateBlockNumber: 'latest',
        },
      ])
      if (outcome.kind !== 'result') throw outcome.error
      return readSimulation(outcome.result)
    },
  }
}

function targets(
  { blocks: way }: BuilderRelay,
  { blocks }: Bundle,
): readonly number[] {
  return way === 'each' || blocks.length === 0 ? blocks : [Math.max(...blocks)]
}

async function send(
  relay: BuilderRelay,
  ask: AskRelay,
  bundle: Bundle,
  blockNumber: number,
): Promise<BundleAnswer> {
  const { transactions: txs, maxTimestamp, replacementUuid } = bundle
  const outcome = await ask(relay.method, [
    {
      txs,
      ...(relay.blocks === 'each'
        ? { blockNumber: hex(blockNumber) }
        : { maxBlockNumber: blockNumber }),
      ...(maxTimestamp !== undefined && { maxTimestamp }),
      ...(relay.canReplace &&
        replacementUuid !== undefined && { replacementUuid }),
    },
  ])
  const bundleHash =
    outcome.kind === 'result' ? bundleHashIn(outcome.result) : undefined
  return { relay: relay.name, blockNumber, outcome, bundleHash }
}

/** Some builders answer with the hash itself, some with an object, some with neither. */
function bundleHashIn(result: unknown): Hex | undefined {
  const hash =
    typeof result === 'object' && result !== null && 'bundleHash' in result
      ? result.bundleHash
      : result
  return isHash(hash) ? hash : undefined
}

function readSimulation(result: unknown): BundleSimulation {
  try {
    const { totalGasUsed, coinbaseDiff, results } = result as CallBundleResult
    const reverted = results.find(
      ({ error, revert }) => error !== undefined || revert !== undefined,
    )
    const data = reverted?.revert
    return {
      gasUsed: BigInt(totalGasUsed),
      coinbaseDiff: BigInt(coinbaseDiff),
      revert: reverted && {
        txHash: hashIn('eth_callBundle', reverted.txHash),
        error: String(reverted.error ?? 'execution reverted').slice(0, 300),
        ...(typeof data === 'string' &&
          /^0x[0-9a-f]*$/i.test(data) && { data: data as Hex }),
      },
    }
  } catch {
    throw new RpcError('eth_callBundle: the answer is no simulation', {
      method: 'eth_callBundle',
    })
  }
}

type CallBundleResult = {
  readonly totalGasUsed: number | string
  readonly coinbaseDiff: string
  readonly results: readonly {
    readonly txHash: Hex
    readonly error?: unknown
    readonly revert?: unknown
  }[]
}

function hex(value: number): Hex {
  return `0x${value.toString(16)}`
}
