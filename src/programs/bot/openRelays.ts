import type { ChainConfig } from '../../adapters/config/index.ts'
import {
  createMessageSigner,
  openMessageSigner,
  randomPrivateKey,
} from '../../adapters/keys/index.ts'
import { createRelaySubmitter, relayOf } from '../../adapters/relays/index.ts'
import type { Submitter } from '../../market/submitter.ts'

/**
 * Sends through the relays that a section names, all at once. Without a
 * `relayKey` they know us by a key that lives as long as the process.
 *
 * @throws AdapterUnknownError, KeyInvalidError
 */
export async function openRelays({
  chain,
  relays,
  relayKey,
}: ChainConfig): Promise<Submitter> {
  return createRelaySubmitter({
    relays: relays.map((name) => relayOf(chain.chainId, name)),
    signer:
      relayKey === undefined
        ? await createMessageSigner(randomPrivateKey())
        : await openMessageSigner(relayKey),
  })
}
