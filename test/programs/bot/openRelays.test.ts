import { expect, it } from 'vitest'
import { ethereum } from '../../../src/adapters/chains/ethereum.ts'
import { chainNamed } from '../../../src/adapters/chains/index.ts'
import { createHttpRpc } from '../../../src/adapters/rpc/index.ts'
import { zeroAddress } from '../../../src/core/address.ts'
import { openRelays } from '../../../src/programs/bot/openRelays.ts'

const rpc = createHttpRpc({ url: new URL('http://127.0.0.1:9') })
const section = {
  chain: ethereum,
  relays: ['flashbots-protect', 'titan'],
  relayKey: undefined,
  allowsPublic: false,
}

it('default: only through the relays', async () => {
  const { submitter, gasPrice } = await openRelays(section, rpc)
  expect(submitter.name).toBe('flashbots-protect+titan')
  expect(submitter.tipTo).toEqual([zeroAddress])
  expect(gasPrice).toEqual({ leastPriorityFeePerGas: 0n })
})

it('behavior: with allowsPublic, through the node where no relay took it', async () => {
  const { submitter } = await openRelays(
    { ...section, allowsPublic: true },
    rpc,
  )
  expect(submitter.name).toBe('flashbots-protect+titan, else public-rpc')
})

it('behavior: on BSC each builder is paid at its own address, at a price it looks at', async () => {
  const relays = ['48club', 'blockrazor']
  const chain = chainNamed('bsc')
  const { submitter, gasPrice } = await openRelays(
    { ...section, chain, relays },
    rpc,
  )
  expect(submitter.tipTo).toEqual([
    '0x4848489f0b2BEdd788c696e2D79b6b69D7484848',
    '0x1266C6bE60392A8Ff346E8d5ECCd3E69dD9c5F20',
  ])
  expect(gasPrice).toEqual({ leastPriorityFeePerGas: 50_000_000n })
})
