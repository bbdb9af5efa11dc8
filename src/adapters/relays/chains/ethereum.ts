import type { BuilderRelay, PrivateRelay, Relay } from '../relay.ts'

const chainId = 1

const privateRelay: Omit<PrivateRelay, 'name' | 'url'> = {
  kind: 'private',
  chainId,
  isSigned: false,
  method: 'eth_sendRawTransaction',
}

const builder: Omit<BuilderRelay, 'name' | 'url'> = {
  kind: 'builder',
  chainId,
  isSigned: true,
  method: 'eth_sendBundle',
  blocks: 'each',
  canReplace: true,
  canSimulate: false,
}

/** Private nodes first, then builders; addresses as their documentation gives them. */
export const ethereum: readonly Relay[] = [
  {
    ...privateRelay,
    // `fast`: shared with all registered builders at once.
    name: 'flashbots-protect',
    url: 'https://rpc.flashbots.net/fast',
  },
  {
    ...privateRelay,
    name: 'flashbots-private',
    url: 'https://relay.flashbots.net',
    method: 'eth_sendPrivateTransaction',
    isSigned: true,
  },
  {
    ...privateRelay,
    // Others see nothing of it; what reverts is left out.
    name: 'mev-blocker',
    url: 'https://rpc.mevblocker.io/noreverts',
  },
  {
    ...builder,
    name: 'flashbots',
    url: 'https://relay.flashbots.net',
    canSimulate: true,
  },
  { ...builder, name: 'titan', url: 'https://rpc.titanbuilder.xyz' },
  {
    ...builder,
    name: 'beaverbuild',
    url: 'https://rpc.beaverbuild.org',
    isSigned: false,
  },
  {
    ...builder,
    name: 'quasar',
    url: 'https://rpc.quasar.win',
    isSigned: false,
  },
  { ...builder, name: 'btcs', url: 'https://rpc.btcs.com', isSigned: false },
]
