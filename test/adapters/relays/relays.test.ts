import { keccak256 } from 'ethers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AdapterUnknownError } from '../../../src/adapters/adapterUnknown.ts'
import {
  createMessageSigner,
  createSigner,
} from '../../../src/adapters/keys/index.ts'
import {
  type BuilderRelay,
  createBundleClient,
  createRelaySubmitter,
  leastGasPriceOf,
  type PrivateRelay,
  type Relay,
  relayOf,
  relaysOf,
} from '../../../src/adapters/relays/index.ts'
import { zeroAddress } from '../../../src/core/address.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { keccakText } from '../../../src/core/keccak.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import type { MessageSigner } from '../../../src/core/signer.ts'
import type {
  SignedTransaction,
  Submitter,
} from '../../../src/market/submitter.ts'
import {
  type BuilderServer,
  serveBuilders,
} from '../../support/builderServer.ts'
import { leaked, rejection } from '../../support/secrets.ts'

const urlKey = 'sEcReTkEy0123456789'
const uuid = '4f9d1bbe-3f0c-4f8e-9d3c-2b1f0a6f1e11'

/** Answers that are none. */
const faults = [
  'hangs',
  'hangs up',
  'stalls',
  'html',
  'says null',
  'is no object',
  'says too much',
] as const

let server: BuilderServer
let signer: MessageSigner
let transaction: SignedTransaction
let failing: Hex
beforeAll(async () => {
  server = await serveBuilders()
  signer = await createMessageSigner(keccakText('searcher of the tests'))
  transaction = await signed(21_000n)
  failing = (await signed(21_001n)).raw
})
afterAll(() => server.close())
beforeEach(() => {
  server.received.length = 0
  server.behaviours.clear()
})

async function signed(gasLimit: bigint): Promise<SignedTransaction> {
  const account = await createSigner(keccakText('operator of the tests'))
  const raw = await account.signTransaction({
    chainId: 1,
    nonce: 7,
    to: account.address,
    data: '0x',
    value: 0n,
    gasLimit,
    maxFeePerGas: 2n,
    maxPriorityFeePerGas: 1n,
  })
  const hash = keccak256(raw) as Hex
  return { hash, raw, versions: [], firstBlock: 100, lastBlock: 103 }
}

function privateAt(
  path: string,
  changes: Partial<PrivateRelay> = {},
): PrivateRelay {
  return {
    kind: 'private',
    name: path,
    chainId: 1,
    url: `${server.origin}/${path}`,
    isSigned: path.includes('signed'),
    method: 'eth_sendRawTransaction',
    ...changes,
  }
}

function builderAt(
  path: string,
  changes: Partial<BuilderRelay> = {},
): BuilderRelay {
  return {
    kind: 'builder',
    name: path,
    chainId: 1,
    url: `${server.origin}/${path}`,
    isSigned: path.includes('signed'),
    method: 'eth_sendBundle',
    blocks: 'each',
    canReplace: true,
    canSimulate: false,
    ...changes,
  }
}

function submitTo(relays: readonly Relay[], head?: number): Promise<void> {
  return createRelaySubmitter({
    relays,
    signer,
    timeoutMs: 300,
    ...(head !== undefined && { head: () => head }),
  }).submit(transaction)
}

const asked = (path: string) =>
  server.received.filter((received) => received.path === `/${path}`)

describe('createRelaySubmitter', () => {
  it('default: a private node gets the raw transaction, unsigned', async () => {
    await submitTo([privateAt('protect')])
    expect(server.received).toEqual([
      {
        path: '/protect',
        method: 'eth_sendRawTransaction',
        params: [transaction.raw],
        signedBy: undefined,
      },
    ])
  })

  it('default: eth_sendPrivateTransaction names the last block and is signed', async () => {
    await submitTo([
      privateAt('signed', { method: 'eth_sendPrivateTransaction' }),
    ])
    expect(server.received).toMatchObject([
      {
        params: [
          {
            tx: transaction.raw,
            maxBlockNumber: '0x67',
            preferences: { fast: true },
          },
        ],
        signedBy: signer.address,
      },
    ])
  })

  it('default: each builder gets a bundle for each block that is still to come', async () => {
    await submitTo([builderAt('signed'), builderAt('other')], 101)
    // They are sent at once: either may arrive first.
    for (const path of ['signed', 'other']) {
      await server.arrived(`/${path}`, 2)
      expect(new Set(asked(path).map(({ params }) => params))).toEqual(
        new Set([
          [{ txs: [transaction.raw], blockNumber: '0x66' }],
          [{ txs: [transaction.raw], blockNumber: '0x67' }],
        ]),
      )
    }
    expect(asked('signed').map(({ signedBy }) => signedBy)).toEqual([
      signer.address,
      signer.address,
    ])
  })

  it('default: builders of BSC get the last block as a number, in one request', async () => {
    await submitTo(
      [
        builderAt('bsc', {
          method: 'eth_sendMevBundle',
          blocks: 'last',
          canReplace: false,
        }),
      ],
      100,
    )
    expect(server.received).toMatchObject([
      {
        method: 'eth_sendMevBundle',
        params: [{ txs: [transaction.raw], maxBlockNumber: 103 }],
      },
    ])
  })

  it('behavior: one that takes it is enough', async () => {
    server.behaviours.set('/a', 'refuses').set('/b', 'hangs').set('/c', 'html')
    await submitTo([
      privateAt('a'),
      privateAt('b'),
      builderAt('c'),
      builderAt('d'),
    ])
    await Promise.all([
      ...['/a', '/b'].map((path) => server.arrived(path)),
      ...['/c', '/d'].map((path) => server.arrived(path, 3)),
    ])
  })

  it.each(faults)(
    'behavior: a relay that %s keeps nobody waiting',
    async (fault) => {
      server.behaviours.set('/a', fault).set('/b', fault)
      const relays = [privateAt('a'), builderAt('b'), builderAt('c')]
      // As good as forever: it ends with what c says.
      await createRelaySubmitter({ relays, signer, timeoutMs: 1e8 }).submit(
        transaction,
      )
      await server.arrived('/a')
      await server.arrived('/b', 3)
    },
  )

  it('control: the server refuses what is not signed', async () => {
    const error = await rejection(
      submitTo([privateAt('signed', { isSigned: false })]),
    )
    expect(error).toMatchObject({
      message: 'eth_sendRawTransaction: error verifying signature',
    })
  })

  it('control: a signature of another text is none', async () => {
    const other: MessageSigner = {
      address: signer.address,
      signMessage: (text) => signer.signMessage(`${text} `),
    }
    const submitter = createRelaySubmitter({
      relays: [privateAt('signed')],
      signer: other,
    })
    await expect(submitter.submit(transaction)).rejects.toThrow(/verifying/)
  })

  it('error: what all refuse is refused for sure, in the words of one', async () => {
    server.behaviours.set('/a', 'refuses').set('/b', 'limits')
    const error = await rejection(submitTo([builderAt('a'), privateAt('b')]))
    expect(error).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({ facts: { rpcCode: -38_000 } })
  })

  it('error: where nobody can be reached it was surely not sent', async () => {
    const gone = await serveBuilders()
    gone.close()
    const relay = privateAt('x', { url: gone.origin })
    expect(await rejection(submitTo([relay]))).toMatchObject({
      facts: { rpcCode: -32_000 },
    })
  })

  it.each(faults)(
    'error: a relay that %s may have it: no code, only the chain can tell',
    async (behaviour) => {
      server.behaviours.set('/a', 'refuses').set('/b', behaviour)
      const error = await rejection(submitTo([privateAt('a'), privateAt('b')]))
      expect(error).toBeInstanceOf(RpcError)
      expect((error as RpcError).facts).not.toHaveProperty('rpcCode')
    },
  )

  it('error: no block is left', async () => {
    const error = await rejection(submitTo([builderAt('a')], 103))
    expect(error).toMatchObject({ facts: { rpcCode: -32_000 } })
    expect(server.received).toEqual([])
  })

  it.each(['refuses', 'hangs', 'hangs up', 'html', 'limits'] as const)(
    'error: a relay that %s gets no key of its URL into the error',
    async (behaviour) => {
      const path = `v1/${urlKey}`
      server.behaviours.set(`/${path}`, behaviour)
      const error = await rejection(
        submitTo([privateAt('a', { url: `${server.origin}/${path}` })]),
      )
      expect(asked(path)).toHaveLength(1)
      expect(leaked(error, [urlKey])).toEqual([])
    },
  )
})

describe('createRelaySubmitter: receivers of the tip', () => {
  const receiverA = '0x00000000000000000000000000000000000000aa'
  const receiverB = '0x00000000000000000000000000000000000000bb'
  const coinbase = zeroAddress
  const relays = () => [
    builderAt('a', { tipTo: receiverA }),
    builderAt('b', { tipTo: receiverB }),
    builderAt('also-a', { tipTo: receiverA }),
  ]
  const inVersions = async (
    ...receivers: readonly Hex[]
  ): Promise<SignedTransaction> => {
    const versions = await Promise.all(
      receivers.map(async (tipTo, i) => {
        const { hash, raw } = await signed(30_000n + BigInt(i))
        return { hash, raw, tipTo }
      }),
    )
    return { ...transaction, ...versions[0]!, versions }
  }
  const submitToAll = async (
    some: readonly Relay[],
    one: SignedTransaction,
  ) => {
    const head = () => 102
    await createRelaySubmitter({ relays: some, signer, head }).submit(one)
    await Promise.all(some.map(({ name }) => server.arrived(`/${name}`)))
  }
  const bundleAt = (path: string) =>
    asked(path).map(
      ({ params }) => (params as [{ txs: readonly Hex[] }])[0].txs,
    )

  it('default: says each receiver once; the coinbase last, for it is the cheapest to pay', () => {
    const tipToOf = (...some: Relay[]) =>
      createRelaySubmitter({ relays: some, signer }).tipTo
    expect(tipToOf(...relays())).toEqual([receiverA, receiverB])
    expect(tipToOf(privateAt('p'), ...relays())).toEqual([
      receiverA,
      receiverB,
      coinbase,
    ])
    expect(tipToOf(builderAt('c'), privateAt('p'))).toEqual([coinbase])
  })

  it('default: each builder gets the version that pays it, a private node the one that pays the coinbase', async () => {
    const some = await inVersions(receiverA, receiverB, coinbase)
    const [forA, forB, forCoinbase] = some.versions.map(({ raw }) => raw)
    await submitToAll([privateAt('p'), ...relays(), builderAt('c')], some)
    expect(bundleAt('a')).toEqual([[forA]])
    expect(bundleAt('also-a')).toEqual([[forA]])
    expect(bundleAt('b')).toEqual([[forB]])
    expect(bundleAt('c')).toEqual([[forCoinbase]])
    expect(asked('p')[0]!.params).toEqual([forCoinbase])
  })

  it('behavior: without a tip all get the same', async () => {
    const some = await inVersions(receiverA)
    await submitToAll([privateAt('p'), ...relays()], some)
    for (const path of ['a', 'also-a', 'b'])
      expect(bundleAt(path)).toEqual([[some.raw]])
    expect(asked('p')[0]!.params).toEqual([some.raw])
  })
})

describe('createRelaySubmitter: fallback', () => {
  const relays = () => [privateAt('a'), builderAt('b')]
  const withFallback = () => {
    const taken: SignedTransaction[] = []
    const fallback: Submitter = {
      name: 'public-rpc',
      async submit(one) {
        taken.push(one)
      },
    }
    const submitter = createRelaySubmitter({
      relays: relays(),
      signer,
      fallback,
      timeoutMs: 300,
    })
    return { submitter, taken }
  }

  it('default: what no relay took goes through the node', async () => {
    server.behaviours.set('/a', 'refuses').set('/b', 'limits')
    const { submitter, taken } = withFallback()
    expect(submitter.name).toBe('a+b, else public-rpc')
    await submitter.submit(transaction)
    expect(taken).toEqual([transaction])
  })

  it('default: what it takes is private where there is no fallback', () => {
    expect(withFallback().submitter.isPrivate).toBe(false)
    const alone = createRelaySubmitter({ relays: relays(), signer })
    expect(alone.isPrivate).toBe(true)
  })

  it('control: what one took does not', async () => {
    server.behaviours.set('/a', 'refuses')
    const { submitter, taken } = withFallback()
    await submitter.submit(transaction)
    await server.arrived('/a')
    expect(taken).toEqual([])
  })

  it('control: nor what one may have, its answer lost', async () => {
    server.behaviours.set('/a', 'refuses').set('/b', 'hangs')
    const { submitter, taken } = withFallback()
    await expect(submitter.submit(transaction)).rejects.toThrow(RpcError)
    expect(taken).toEqual([])
  })

  it('control: nor anything where no fallback was asked for', async () => {
    server.behaviours.set('/a', 'refuses').set('/b', 'limits')
    await expect(submitTo(relays())).rejects.toThrow(RpcError)
  })
})

describe('createBundleClient', () => {
  const clientOf = (...builders: BuilderRelay[]) =>
    createBundleClient(builders, signer, 300)

  it('default: says of each builder and block what became of it', async () => {
    server.behaviours.set('/b', 'refuses').set('/c', 'hangs')
    const answers = await clientOf(
      builderAt('a-signed'),
      builderAt('b'),
      builderAt('c', { blocks: 'last' }),
    ).send({
      transactions: [transaction.raw],
      blocks: [101, 102],
      replacementUuid: uuid,
      maxTimestamp: 1_700_000_000,
    })
    expect(
      answers.map(({ relay, blockNumber, outcome }) => [
        relay,
        blockNumber,
        outcome.kind,
      ]),
    ).toEqual([
      ['a-signed', 101, 'result'],
      ['a-signed', 102, 'result'],
      ['b', 101, 'node'],
      ['b', 102, 'node'],
      ['c', 102, 'lost'],
    ])
    expect(answers[0]!.bundleHash).toBe(keccak256(transaction.hash))
    expect(asked('a-signed').map(({ params }) => params)).toContainEqual([
      {
        txs: [transaction.raw],
        blockNumber: '0x65',
        maxTimestamp: 1_700_000_000,
        replacementUuid: uuid,
      },
    ])
  })

  it('default: cancels by name where builders know how', async () => {
    const client = clientOf(
      builderAt('a-signed'),
      builderAt('b', { canReplace: false }),
    )
    const outcomes = await client.cancel(uuid)
    expect(outcomes).toEqual([{ kind: 'result', result: null }])
    expect(server.received).toMatchObject([
      {
        path: '/a-signed',
        method: 'eth_cancelBundle',
        params: [{ replacementUuid: uuid }],
      },
    ])
  })

  it('default: simulates at the first builder that can, and names what reverts', async () => {
    const client = clientOf(
      builderAt('a'),
      builderAt('signed', { canSimulate: true }),
    )
    expect(await client.simulate([transaction.raw], 101)).toEqual({
      gasUsed: 21_000n,
      coinbaseDiff: 42_000n,
      revert: undefined,
    })
    expect(server.received[0]).toMatchObject({
      path: '/signed',
      params: [{ blockNumber: '0x65', stateBlockNumber: 'latest' }],
    })
    const both = await client.simulate([transaction.raw, failing], 101)
    expect(both?.revert).toEqual({
      txHash: keccak256(failing),
      error: 'execution reverted',
      data: '0x08c379a0',
    })
    expect(await clientOf(builderAt('a')).simulate([failing], 101)).toBe(
      undefined,
    )
  })

  it('error: a simulation that a builder refuses', async () => {
    server.behaviours.set('/a', 'refuses')
    await expect(
      clientOf(builderAt('a', { canSimulate: true })).simulate([failing], 1),
    ).rejects.toThrow(RpcError)
  })
})

describe('relays as data', () => {
  const all = [1, 10, 56, 137, 8453, 42_161].flatMap(relaysOf)

  it('default: each has a name of its own on its chain and an https URL without a key', () => {
    expect(all.length).toBeGreaterThan(8)
    const names = all.map(({ chainId, name }) => `${chainId} ${name}`)
    expect(new Set(names).size).toBe(names.length)
    for (const relay of all) {
      const { protocol, search, username } = new URL(relay.url)
      expect([protocol, search, username]).toEqual(['https:', '', ''])
      expect(relayOf(relay.chainId, relay.name)).toBe(relay)
    }
  })

  it('error: a name that is none is told the known ones', () => {
    expect(() => relayOf(1, 'nobody')).toThrow(AdapterUnknownError)
  })

  it('default: a gas price that all of them look at', () => {
    expect(leastGasPriceOf(relaysOf(56))).toBe(50_000_000n)
    expect(leastGasPriceOf(relaysOf(1))).toBe(0n)
  })
})
