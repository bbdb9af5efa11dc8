import { AdapterUnknownError } from '../adapterUnknown.ts'
import { bsc } from './chains/bsc.ts'
import { ethereum } from './chains/ethereum.ts'
import type { Relay } from './relay.ts'

export {
  type Bundle,
  type BundleAnswer,
  type BundleClient,
  type BundleSimulation,
  createBundleClient,
} from './bundleClient.ts'
export {
  explainMiss,
  type Miss,
  type MissQuestion,
} from './landing.ts'
export { missInWords } from './missInWords.ts'
export type { BuilderRelay, PrivateRelay, Relay } from './relay.ts'
export {
  createRelaySubmitter,
  leastGasPriceOf,
  type RelaySubmitterOptions,
} from './relaySubmitter.ts'

const relays: readonly Relay[] = [...ethereum, ...bsc]

/** Relays known on a chain. Where one sequencer orders, none is needed: what waits is private. */
export function relaysOf(chainId: number): readonly Relay[] {
  return relays.filter((relay) => relay.chainId === chainId)
}

/** A relay by its name on a chain. @throws AdapterUnknownError */
export function relayOf(chainId: number, name: string): Relay {
  const known = relaysOf(chainId)
  const relay = known.find((relay) => relay.name === name)
  if (!relay)
    throw new AdapterUnknownError(
      'relay',
      name,
      known.map(({ name }) => name),
    )
  return relay
}
