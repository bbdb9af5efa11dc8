import type { BuilderRelay, Relay } from '../relay.ts'

const builder: Omit<BuilderRelay, 'name' | 'url'> = {
  kind: 'builder',
  chainId: 56,
  isSigned: false,
  method: 'eth_sendBundle',
  blocks: 'last',
  canReplace: false,
  canSimulate: false,
}

/**
 * Builders rank a bundle by 0.9 of its gas fees and all of what it pays to
 * `tipTo`: BEP-95 burns a tenth of the fees. Addresses as their documentation
 * gives them.
 */
export const bsc: readonly Relay[] = [
  {
    kind: 'private',
    name: 'bloxroute-protect',
    chainId: 56,
    url: 'https://bsc.rpc.blxrbdn.com',
    isSigned: false,
    method: 'eth_sendRawTransaction',
  },
  {
    ...builder,
    name: '48club',
    url: 'https://puissant-builder.48.club/',
    tipTo: '0x4848489f0b2BEdd788c696e2D79b6b69D7484848',
  },
  {
    ...builder,
    name: 'blockrazor',
    url: 'https://bsc.blockrazor.xyz',
    method: 'eth_sendMevBundle',
    tipTo: '0x1266C6bE60392A8Ff346E8d5ECCd3E69dD9c5F20',
    minGasPrice: 50_000_000n,
  },
]
