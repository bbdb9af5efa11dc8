import { beforeAll, expect, test } from 'vitest'
import type { ExecutorHop } from '../../src/contracts/index.ts'
import { type Contract, operator, owner } from './support/chain.ts'
import { tunedArtifact } from './support/compile.ts'
import { packPlan, zero } from './support/plans.ts'
import { createStage, type Stage, treasure } from './support/stage.ts'
import { pairVenue, type Venue, v3Venue, vaultVenue } from './support/venues.ts'

const unit = 10n ** 18n
/** What any transaction costs. */
const base = 21_000n

let stage: Stage
let bare: Contract
let pair: Venue
let pool: Venue
let vault: Venue
const gas: Record<string, number> = {}

beforeAll(async () => {
  stage = await createStage()
  const { chain, tokens } = stage
  const [token, other] = tokens
  // The other token is cheap in the pair: bought there, sold in the pool.
  pair = await pairVenue(chain, token, other, 120n)
  pool = await v3Venue(chain, token, other)
  vault = await vaultVenue(chain, token, other)
  bare = await chain.deploy(tunedArtifact('Bare', 'Bare'))
  for (const each of tokens) await each.send('mint', [bare.address, treasure])
}, 120_000)

/** Gas of a call, after which everything is as before. */
async function measure(
  contract: Contract,
  name: string,
  values: readonly unknown[],
  from = operator,
): Promise<bigint> {
  const id = await stage.chain.snapshot()
  const { gasUsed } = await contract.send(name, values, { from })
  await stage.chain.restore(id)
  return gasUsed
}

/** UniswapV2Library.getAmountOut. */
function v2Out(
  reserveIn: bigint,
  reserveOut: bigint,
  amountIn: bigint,
): bigint {
  const fee = amountIn * 997n
  return (fee * reserveOut) / (reserveIn * 1000n + fee)
}

const stock = 10n ** 22n

test('a flash-loaned arbitrage of V2 and V3 costs at most 25,000 gas more than its parts', async () => {
  const { executor, tokens } = stage
  const [token, other] = tokens
  const loan =
    (await measure(bare, 'borrow', [vault.address, token.address, unit])) - base
  const out = v2Out(stock, (stock * 120n) / 100n, unit)
  const pairSwap =
    (await measure(bare, 'swapPair', [
      pair.address,
      token.address,
      unit,
      0n,
      out,
    ])) - base
  const poolSwap =
    (await measure(bare, 'swapPool', [
      pool.address,
      other.address,
      false,
      out,
    ])) - base
  const plan = (hops: readonly ExecutorHop[], amountIn = unit) =>
    packPlan({
      token: token.address,
      amountIn,
      minProfit: 1n,
      lender: {
        kind: 'balancerV2',
        address: vault.address,
        lendsToken1: false,
      },
      hops,
    })
  const whole =
    (await measure(executor, 'execute', [
      plan([
        { ...pair.hop(token, other), amountOut: out },
        pool.hop(other, token),
      ]),
    ])) - base
  gas['bare Balancer V2 loan'] = Number(loan)
  gas['bare V2 swap'] = Number(pairSwap)
  gas['bare V3 swap'] = Number(poolSwap)
  gas['flash-loaned V2 and V3'] = Number(whole)
  gas['above its parts'] = Number(whole - loan - pairSwap - poolSwap)
  expect(whole - loan - pairSwap - poolSwap).toBeLessThanOrEqual(25_000n)
})

test('a flash swap over three V2 pairs costs at most a tenth more than a contract written for it', async () => {
  const { chain, executor, tokens } = stage
  const [a, b, c] = tokens
  const venues = [
    await pairVenue(chain, a, b, 100n),
    await pairVenue(chain, b, c, 100n),
    await pairVenue(chain, c, a, 110n),
  ] as const
  const amounts = [unit]
  for (const ratio of [100n, 100n, 110n])
    amounts.push(v2Out(stock, (stock * ratio) / 100n, amounts.at(-1)!))
  const hops = [
    venues[0].hop(a, b),
    venues[1].hop(b, c),
    venues[2].hop(c, a),
  ].map((hop, i) => ({ ...hop, amountOut: amounts[i + 1]! }))
  const triangle = await chain.deploy(tunedArtifact('Bare', 'Triangle'), [
    a.address,
    venues.map(({ address }) => address),
    hops.map(({ zeroForOne }) => zeroForOne),
  ])
  await a.send('mint', [triangle.address, treasure])
  const byHand = await measure(triangle, 'run', amounts, owner)
  const ours = await measure(executor, 'execute', [
    packPlan({
      token: a.address,
      amountIn: unit,
      minProfit: 1n,
      lender: { kind: 'v2FlashSwap', address: zero, lendsToken1: false },
      hops,
    }),
  ])
  gas['three V2 pairs by hand'] = Number(byHand)
  gas['three V2 pairs by flash swap'] = Number(ours)
  expect(ours * 100n).toBeLessThanOrEqual(byHand * 110n)
})

test('gas is what the snapshot says', async () => {
  await expect(`${JSON.stringify(gas, undefined, 2)}\n`).toMatchFileSnapshot(
    './gas.snapshot.json',
  )
})
