import { Interface } from 'ethers'
import { beforeAll, describe, expect, it } from 'vitest'
import { lenderProtocols } from '../../../src/adapters/lenders/index.ts'
import {
  type GenuineLender,
  genuineLenders,
} from '../../../src/adapters/protocols/index.ts'
import { uniswapV2 } from '../../../src/adapters/protocols/uniswapV2.ts'
import { uniswapV3 } from '../../../src/adapters/protocols/uniswapV3.ts'
import { addressIn, viewCall } from '../../../src/adapters/viewCall.ts'
import { lenderKinds } from '../../../src/contracts/calldata.ts'
import type { Hex } from '../../../src/core/hex.ts'
import type { Lender } from '../../../src/market/lender.ts'
import type { Pool } from '../../../src/market/pool.ts'
import { createEdges } from '../../support/edges.ts'
import { poolsFor } from '../../support/genuinePools.ts'
import {
  createStage,
  type ProtocolStage,
  trader,
} from '../../support/protocolStage.ts'
import {
  deployTaker,
  expectRoundTrip,
  expectTermsHold,
  suiteTimeoutMs,
  takeLoan,
} from './suite.ts'

const decimals = [6, 18, 8]
const edges = createEdges(3)
const amount = 123_456_789_012_345n

let stage: ProtocolStage
let taker: Hex
let tokens: readonly Hex[]
let pool: Pool

beforeAll(async () => {
  stage = await createStage(uniswapV3, decimals, (made) => {
    tokens = made
    return poolsFor(uniswapV3, made.slice(0, 2), decimals, edges)
  })
  pool = stage.pools[0]!
  taker = await deployTaker(stage.chain, () => stage.chain.mine(), tokens)
}, suiteTimeoutMs)

describe.each(genuineLenders.map((lender) => [lender.name, lender] as const))(
  '%s, its genuine contracts',
  (_, genuine) => {
    it(
      'lend what the terms say, for what they say',
      async () => {
        const lender = await deployed(genuine)
        const token = tokens[1]!
        const terms = await expectTermsHold(
          stage.chain,
          taker,
          lender,
          token,
          edges,
        )
        expect(terms.available).toBe(amount)
        expect(terms.lendsToken1).toBe(false)
        // Nobody gave it this one.
        const other = await readTerms(lender, tokens[2]!)
        expect(other.available).toBe(0n)
      },
      suiteTimeoutMs,
    )
  },
)

describe('uniswap-v3 pools', () => {
  it('lend what they hold of either token, for the fee of the pool', async () => {
    const lender = lenderOf('uniswapV3', pool.address)
    for (const [i, token] of pool.tokens.entries()) {
      const terms = await expectTermsHold(
        stage.chain,
        taker,
        lender,
        token,
        edges,
      )
      expect(terms.lendsToken1).toBe(i === 1)
      expect(terms.premium(1_000_000n)).toBe(3000n)
      expect(terms.premium(1n)).toBe(1n)
    }
    const other = await readTerms(lender, tokens[2]!)
    expect(other.available).toBe(0n)
  })
})

describe('balancer-v2', () => {
  it('charges the share that governance sets, rounded up, and lends nothing while it is paused', async () => {
    const lender = await deployed(genuineNamed('balancer-v2'))
    const [token] = tokens as [Hex]
    await fundAnew('balancer-v2', token)
    const [collector] = await viewCall(
      stage.chain,
      lender.address,
      'getProtocolFeesCollector()',
    )
    const share = 123_456_789_012_345n
    await asGovernance(addressIn(collector), 'setFlashLoanFeePercentage', [
      share,
    ])
    const terms = await expectTermsHold(
      stage.chain,
      taker,
      lender,
      token,
      edges,
    )
    expect(terms.premium(1n)).toBe(1n)
    expect(terms.premium(10n ** 18n)).toBe(share)
    expect(terms.premium(10n ** 18n + 1n)).toBe(share + 1n)

    await asGovernance(lender.address, 'setPaused', [true])
    expect((await readTerms(lender, token)).available).toBe(0n)
    expect(await loan(lender, token, 1n)).toBe('reverts')
    await asGovernance(lender.address, 'setPaused', [false])
    expect((await readTerms(lender, token)).available).toBeGreaterThan(0n)
  })
})

describe('aave-v3', () => {
  const abi = new Interface([
    'function updateFlashloanPremiumTotal(uint128)',
    'function setReservePause(address, bool)',
    'function setReserveFlashLoaning(address, bool)',
  ])
  let lender: Lender
  let configure: (name: string, values: readonly unknown[]) => Promise<void>

  beforeAll(async () => {
    lender = await deployed(genuineNamed('aave-v3'))
    const [provider] = await viewCall(
      stage.chain,
      lender.address,
      'ADDRESSES_PROVIDER()',
    )
    const [configurator] = await viewCall(
      stage.chain,
      addressIn(provider),
      'getPoolConfigurator()',
    )
    configure = async (name, values) => {
      const data = abi.encodeFunctionData(name, values) as Hex
      await stage.mine([{ to: addressIn(configurator), data }])
    }
  }, suiteTimeoutMs)

  it.each([0n, 1n, 5n, 9n, 333n])(
    'charges %i bps, rounded half up',
    async (bps) => {
      await configure('updateFlashloanPremiumTotal', [bps])
      const terms = await expectTermsHold(
        stage.chain,
        taker,
        lender,
        tokens[1]!,
        edges,
      )
      expect(terms.premium(10_000n)).toBe(bps)
    },
  )

  it('lends nothing while the reserve is paused or lends no flash loans', async () => {
    const token = tokens[1]!
    for (const [name, off, on] of [
      ['setReservePause', true, false],
      ['setReserveFlashLoaning', false, true],
    ] as const) {
      await configure(name, [token, off])
      expect((await readTerms(lender, token)).available).toBe(0n)
      expect(await loan(lender, token, 1n)).toBe('reverts')
      await configure(name, [token, on])
      expect((await readTerms(lender, token)).available).toBe(amount)
    }
  })
})

describe('balancer-v3', () => {
  it(
    'lends its recorded reserves, not what was only sent to it',
    async () => {
      const lender = await deployed(genuineNamed('balancer-v3'))
      const token = tokens[1]!
      const abi = new Interface(['function mint(address, uint256)'])
      const values = [lender.address, 1000n]
      const data = abi.encodeFunctionData('mint', values) as Hex
      await stage.mine([{ to: token, data }])
      const { available } = await expectTermsHold(
        stage.chain,
        taker,
        lender,
        token,
        edges,
      )
      expect(available).toBe(amount)
    },
    suiteTimeoutMs,
  )
})

describe('a V2 pair that pays before it is paid', () => {
  it('has its reserve to lend, for nothing beside the fee of the hop', async () => {
    const pairs = await createStage(uniswapV2, [18, 18], (made) =>
      poolsFor(uniswapV2, made, [18, 18], edges),
    )
    const [pair] = pairs.pools
    if (pair?.family !== 'constantProduct') throw new Error('no pair')
    const terms = await lenderProtocols.v2FlashSwap.readTerms(
      pairs.chain,
      lenderOf('v2FlashSwap', pair.address),
      pair.tokens[1],
    )
    expect(terms.available).toBe(pair.reserves[1])
    expect(terms.premium(10n ** 18n)).toBe(0n)
  })
})

describe('every kind', () => {
  it.each(lenderKinds)('%s survives the packed plan', (kind) => {
    for (const lendsToken1 of [false, true])
      expectRoundTrip({ kind, address: trader }, { lendsToken1 })
  })

  it('error: no contract there', async () => {
    const lender = lenderOf('aaveV3', trader)
    await expect(readTerms(lender, tokens[0]!)).rejects.toMatchObject({
      code: 'RPC_FAILED',
    })
  })
})

const lenders = new Map<string, Promise<Lender>>()
const deployments = new Map<
  string,
  Awaited<ReturnType<GenuineLender['deploy']>>
>()

/** The lender, deployed once, with the amount of the second token. */
function deployed(genuine: GenuineLender): Promise<Lender> {
  const known = lenders.get(genuine.name) ?? deploy(genuine)
  lenders.set(genuine.name, known)
  return known
}

async function deploy(genuine: GenuineLender): Promise<Lender> {
  const deployment = await genuine.deploy(stage.setting)
  deployments.set(genuine.name, deployment)
  await stage.setting.transactor.flush()
  // Aave lists a token when it is first given it: one that is there has a reserve.
  await deployment.fund(tokens[1]!, amount)
  await stage.setting.transactor.flush()
  return deployment.lender
}

async function fundAnew(name: string, token: Hex): Promise<void> {
  await deployments.get(name)!.fund(token, amount)
  await stage.setting.transactor.flush()
}

function genuineNamed(name: string): GenuineLender {
  return genuineLenders.find((genuine) => genuine.name === name)!
}

function lenderOf(kind: Lender['kind'], address: Hex): Lender {
  return {
    name: 'here',
    chainId: 31337,
    kind,
    address,
    verified: true,
    source: 'deployed here',
  }
}

function readTerms(lender: Lender, token: Hex) {
  return lenderProtocols[lender.kind].readTerms(stage.chain, lender, token)
}

function loan(lender: Lender, token: Hex, amount: bigint) {
  const terms = { lendsToken1: false }
  return takeLoan(stage.chain, taker, lender, token, amount, terms)
}

/** Balancer's authorizer lets its admin grant itself any action. */
async function asGovernance(
  target: Hex,
  name: string,
  values: readonly unknown[],
): Promise<void> {
  const abi = new Interface([
    'function setFlashLoanFeePercentage(uint256)',
    'function setPaused(bool)',
    'function grantRole(bytes32, address)',
  ])
  const { chain } = stage
  const data = abi.encodeFunctionData(name, values) as Hex
  const selector = `${data.slice(0, 10)}${'0'.repeat(56)}` as Hex
  const [action] = await viewCall(chain, target, 'getActionId(bytes4)', [
    selector,
  ])
  const [authorizer] = await viewCall(chain, target, 'getAuthorizer()')
  const role = `0x${action.toString(16).padStart(64, '0')}`
  await stage.mine([
    {
      to: addressIn(authorizer),
      data: abi.encodeFunctionData('grantRole', [role, trader]) as Hex,
    },
    { to: target, data },
  ])
}
