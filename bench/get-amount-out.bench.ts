import { getAmountOut } from './peers/bigintDfs.ts'
import { createUniswapV2Market } from './peers/uniswapV2Sdk.ts'
import {
  createQuoteBatch,
  loadEngine,
  type QuoteRequest,
} from './support/apex.ts'
import { generateGraph } from './support/graphs.ts'
import type { Ask } from './support/question.ts'
import { createRandom } from './support/random.ts'
import { requireEqual } from './support/verify.ts'

const count = 4096
/** The package is so slow that fewer quotes make a run. */
const sdkCount = 256

/** What does one exact quote of a constant-product pool cost, asked for many at a time? */
const ask: Ask = async () => {
  const graph = generateGraph()
  const random = createRandom(11)
  const requests: QuoteRequest[] = []
  const swaps: Parameters<typeof getAmountOut>[1][] = []
  while (requests.length < count) {
    const pool = Math.floor(random() * graph.pools.length)
    const { state } = graph.pools[pool]!
    if (state.family !== 'constantProduct') continue
    const zeroForOne = random() < 0.5
    const [reserveIn, reserveOut] = zeroForOne
      ? state.reserves
      : [state.reserves[1], state.reserves[0]]
    const amountIn =
      (reserveIn * BigInt(Math.floor(10 ** (8 * random())))) / 10n ** 9n
    const swap = {
      reserveOut,
      feeKept: 997n,
      scaledReserveIn: reserveIn * 1000n,
    }
    // The package throws where the contract would pay nothing.
    if (amountIn === 0n || getAmountOut(amountIn, swap) === 0n) continue
    requests.push({ pool, zeroForOne, amountIn })
    swaps.push(swap)
  }

  const engine = await loadEngine(graph)
  const batch = await createQuoteBatch(graph, requests)
  const { pairs, core } = createUniswapV2Market(graph)
  const sdkRequests = requests
    .slice(0, sdkCount)
    .map(({ pool, zeroForOne, amountIn }) => {
      const pair = pairs[pool]!
      const token = zeroForOne ? pair.token0 : pair.token1
      return {
        pair,
        amount: core.CurrencyAmount.fromRawAmount(token, String(amountIn)),
      }
    })

  const amounts = requests.map(({ amountIn }) => amountIn)
  const bigintQuotes = () =>
    amounts.map((amountIn, i) => getAmountOut(amountIn, swaps[i]!))
  const engineQuotes = () =>
    requests.map(
      ({ pool, zeroForOne, amountIn }) =>
        engine.quoteExactIn(pool, zeroForOne, amountIn).amountOut,
    )
  const sdkQuotes = () =>
    sdkRequests.map(({ pair, amount }) => pair.getOutputAmount(amount)[0])
  return [
    {
      title: 'exact getAmountOut in batches, over 1,000 generated pools',
      unit: 'quote',
      subject: {
        name: 'APEX kernel, words in memory',
        operations: count,
        run: batch.run,
      },
      peers: [
        {
          name: 'native bigint',
          operations: count,
          run: bigintQuotes,
          atLeast: 4,
        },
        {
          name: '@uniswap/v2-sdk Pair.getOutputAmount',
          operations: sdkCount,
          run: sdkQuotes,
          atLeast: 500,
        },
        {
          name: 'APEX quoteExactIn, bigint in and out',
          operations: count,
          run: engineQuotes,
        },
      ],
      verify: () => {
        batch.run()
        const ours = batch.amountsOut()
        requireEqual('quotes of kernel and bigint', ours, bigintQuotes())
        requireEqual('quotes of kernel and engine', ours, engineQuotes())
        requireEqual(
          'quotes of kernel and @uniswap/v2-sdk',
          ours.slice(0, sdkCount),
          sdkQuotes().map(({ quotient }) => BigInt(String(quotient))),
        )
      },
      notes: [
        'Pair.getOutputAmount also makes the pair as it is after the swap, address included; the package has no call that only quotes',
      ],
    },
  ]
}

export default ask
