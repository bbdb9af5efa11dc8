import { createSigner } from '../../adapters/keys/index.ts'
import { createMemoryStore } from '../../adapters/stores/index.ts'
import { createApex } from '../../apex.ts'
import type { Hex } from '../../core/hex.ts'
import { createSeededRandom } from '../../core/seededRandom.ts'
import type { ExecutionStore } from '../../market/executionStore.ts'
import type { Market } from '../../market/market.ts'
import { createMarket } from '../../market/marketBuilder.ts'
import { createExecution } from '../../services/execute/createExecution.ts'
import { type Arena, seededAddress, seededKey } from './arena.ts'
import { type Bid, Competitor } from './competitor.ts'
import { deployExecutor } from './deployExecutor.ts'
import { Participant } from './participant.ts'

/** Wei that an operator begins with, for gas. */
const operatorCoins = 10n ** 20n
/** Ours, wei per gas above the base fee: more than most users offer. */
const ourBid = 500_000_000n
/** A competitor knows a block late: it may send for the next but one. */
const competitorWindow = 2

/** A store and the name of the rows in it that are of this run. */
export type Ledger = { readonly store: ExecutionStore; readonly name: string }

/** An operator with its executor, deployed. */
export type Seat = {
  readonly name: string
  readonly key: Hex
  readonly operator: Hex
  readonly executor: Hex
}

/** Deploys an executor for us and for each competitor: owner and operator are other accounts. */
export async function deploySeats(
  arena: Arena,
  seed: number,
  competitors: number,
): Promise<readonly Seat[]> {
  const { chain, wrappedNative } = arena
  const names = [
    'us',
    ...Array.from({ length: competitors }, (_, i) => `competitor ${i + 1}`),
  ]
  const seats: Seat[] = []
  for (const name of names) {
    const key = seededKey(seed, `operator of ${name}`)
    const { address: operator } = await createSigner(key)
    const owner = seededAddress(seed, `owner of ${name}`)
    await chain.setBalance(operator, operatorCoins)
    const executor = await deployExecutor(chain, {
      owner,
      operator,
      wrappedNative,
    })
    seats.push({ name, key, operator, executor })
  }
  return seats
}

/** Us, with the store of the run. `market` is ours from now on. */
export async function createUs(
  arena: Arena,
  market: Market,
  seat: Seat,
  ledger: Ledger,
): Promise<Participant> {
  const bid = { maxPriorityFeePerGas: ourBid }
  return await createParticipant(arena, market, seat, ledger, bid, 1)
}

/** A competitor with its own copy of the market and a ledger that dies with the run. */
export async function createCompetitor(
  arena: Arena,
  market: Market,
  seat: Seat,
  seed: number,
): Promise<Competitor> {
  const random = createSeededRandom(
    Number(seededKey(seed, `delays of ${seat.name}`).slice(0, 10)),
  )
  const bid = { maxPriorityFeePerGas: 0n }
  const ledger = { store: createMemoryStore({ keep: 1000 }), name: seat.name }
  const participant = await createParticipant(
    arena,
    copyOf(market),
    seat,
    ledger,
    bid,
    competitorWindow,
  )
  return new Competitor(participant, bid, random)
}

/** `bid` is read at each plan. */
async function createParticipant(
  { chain, dexes, lenders }: Arena,
  market: Market,
  { name, key, operator, executor }: Seat,
  ledger: Ledger,
  bid: Bid,
  windowBlocks: number,
): Promise<Participant> {
  const execution = await createExecution(market, {
    rpc: chain,
    executor,
    signer: await createSigner(key),
    dexes,
    lenders,
    store: ledger.store,
    ledger: ledger.name,
    gasPrice: bid,
    windowBlocks,
  })
  const apex = await createApex({ market })
  return new Participant({ name, operator, apex, execution })
}

/** Pools are values: only the list of them is copied. */
function copyOf(market: Market): Market {
  const { chainId, blockNumber, blockHash, wrappedNative, tokens } = market
  return createMarket({
    chainId,
    blockNumber,
    ...(blockHash && { blockHash }),
    ...(wrappedNative && { wrappedNative: wrappedNative.address }),
    tokens,
    pools: market.pools,
  })
}
