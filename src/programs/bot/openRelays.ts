import type { ChainConfig } from '../../adapters/config/index.ts'
import {
  createMessageSigner,
  openMessageSigner,
  randomPrivateKey,
} from '../../adapters/keys/index.ts'
import {
  createRelaySubmitter,
  leastGasPriceOf,
  relayOf,
} from '../../adapters/relays/index.ts'
import type { Rpc } from '../../core/rpc.ts'
import type { ExecutionOptions } from '../../services/execute/executionOptions.ts'
import { createRpcSubmitter } from '../../services/execute/rpcSubmitter.ts'

/**
 * Sends through the relays that a section names, all at once; through the node
 * only where none of them took it and the section allows that. Without a
 * `relayKey` they know us by a key that lives as long as the process.
 *
 * @throws AdapterUnknownError, KeyInvalidError
 */
export async function openRelays(
  section: Pick<ChainConfig, 'chain' | 'relays' | 'relayKey' | 'allowsPublic'>,
  rpc: Rpc,
): Promise<Required<Pick<ExecutionOptions, 'submitter' | 'gasPrice'>>> {
  const { chain, relayKey, allowsPublic } = section
  const relays = section.relays.map((name) => relayOf(chain.chainId, name))
  const signer =
    relayKey === undefined
      ? await createMessageSigner(randomPrivateKey())
      : await openMessageSigner(relayKey)
  return {
    submitter: createRelaySubmitter({
      relays,
      signer,
      ...(allowsPublic && { fallback: createRpcSubmitter(rpc) }),
    }),
    gasPrice: { leastPriorityFeePerGas: leastGasPriceOf(relays) },
  }
}
