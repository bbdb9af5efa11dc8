import type { ChainConfig } from '../adapters/config/index.ts'
import { relaysOf } from '../adapters/relays/index.ts'
import type { Finding, Notes } from './doctorFindings.ts'

/** Whether what is sent stays unseen until it is in a block. No relay is asked. */
export function checkRelays(
  { chain, relays, relayKey, allowsPublic, key, executor }: ChainConfig,
  notes: Notes,
): readonly Finding[] {
  if (key === undefined) return []
  if (relays.length === 0) {
    if (!chain.hasPublicMempool)
      return [notes.ok('relays', 'none: what waits is private on this chain')]
    // Without it a bot refuses to trade, which is told apart.
    if (executor !== undefined && !allowsPublic) return []
    return [
      notes.warning('relays', 'none: others see what waits and outbid it'),
    ]
  }
  const unsigned = relaysOf(chain.chainId).filter(
    ({ name, isSigned }) =>
      isSigned && relays.includes(name) && relayKey === undefined,
  )
  return [
    ...unsigned.map(({ name }) =>
      notes.fault('relays', `${name} wants signed requests: name a relayKey`),
    ),
    ...(unsigned.length === 0 ? [notes.ok('relays', relays.join(', '))] : []),
    ...(allowsPublic
      ? [notes.warning('allowsPublic', 'true: others may see what waits')]
      : []),
  ]
}
