import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ConcentratedState } from '../src/engine/poolState.ts'
import { readQuotesFile } from '../src/market/quotesFile.ts'
import { createPancakeswapV3Pool } from './peers/pancakeswapV3Sdk.ts'
import { createUniswapV3Pool } from './peers/uniswapV3Sdk.ts'
import { createQuoteBatch, loadEngine } from './support/apex.ts'
import { generateConcentratedPool } from './support/concentratedPool.ts'
import { dataFolder } from './support/data.ts'
import type { Ask, Question } from './support/question.ts'
import { createRandom } from './support/random.ts'
import { requireEqual } from './support/verify.ts'

const recorded = join(dataFolder, 'quotes', 'uniswap-v3-wbtc-weth.jsonl.gz')

type Request = { readonly zeroForOne: boolean; readonly amountIn: bigint }

/** What does one exact quote of a concentrated pool cost, most of them crossing ticks? */
const ask: Ask = async () => {
  const questions = [await askGenerated()]
  if (existsSync(recorded)) questions.push(await askRecorded())
  return questions
}

export default ask

async function askGenerated(): Promise<Question> {
  const state = generateConcentratedPool(120)
  const random = createRandom(29)
  const requests = Array.from({ length: 100 }, () => ({
    zeroForOne: random() < 0.5,
    amountIn: BigInt(Math.floor(10 ** (16 + 5.5 * random()))),
  }))
  const question = await compare(
    `quotes of a generated pool with ${state.ticks.length} ticks`,
    state,
    requests,
  )
  const pancakeswap = createPancakeswapV3Pool(state)
  const amounts = requests.map(({ zeroForOne, amountIn }) =>
    pancakeswap.amount(zeroForOne, amountIn),
  )
  const quoteAll = async () => {
    const outputs: bigint[] = []
    for (const amount of amounts)
      outputs.push((await pancakeswap.pool.getOutputAmount(amount))[0].quotient)
    return outputs
  }
  return {
    ...question,
    peers: [
      ...question.peers,
      {
        name: '@pancakeswap/v3-sdk Pool.getOutputAmount',
        operations: requests.length,
        run: quoteAll,
      },
    ],
    verify: async () => {
      await question.verify()
      const engine = await loadEngine(graphOf(state))
      requireEqual(
        'quotes of APEX and @pancakeswap/v3-sdk',
        requests.map(
          ({ zeroForOne, amountIn }) =>
            engine.quoteExactIn(0, zeroForOne, amountIn).amountOut,
        ),
        await quoteAll(),
      )
    },
  }
}

async function askRecorded(): Promise<Question> {
  const { pools, quotes } = await readQuotesFile(recorded)
  const answered = quotes.filter(
    ({ kind, answer }) => kind === 'exactIn' && answer !== null,
  )
  const state = pools[0] as ConcentratedState
  const question = await compare(
    `quotes of Uniswap's WBTC/WETH pool with ${state.ticks.length} ticks, as recorded on chain`,
    state,
    answered.map(({ zeroForOne, amount }) => ({
      zeroForOne,
      amountIn: amount,
    })),
  )
  return {
    ...question,
    verify: async () => {
      await question.verify()
      const engine = await loadEngine(graphOf(state))
      requireEqual(
        'quotes of APEX and the chain',
        answered.map(
          ({ zeroForOne, amount }) =>
            engine.quoteExactIn(0, zeroForOne, amount).amountOut,
        ),
        answered.map(({ answer }) => answer),
      )
    },
  }
}

async function compare(
  title: string,
  state: ConcentratedState,
  requests: readonly Request[],
): Promise<Question> {
  const engine = await loadEngine(graphOf(state))
  const batch = await createQuoteBatch(
    graphOf(state),
    requests.map((request) => ({ pool: 0, ...request })),
  )
  const uniswap = createUniswapV3Pool(state)
  const amounts = requests.map(({ zeroForOne, amountIn }) =>
    uniswap.amount(zeroForOne, amountIn),
  )
  const quoteAll = () =>
    requests.map(
      ({ zeroForOne, amountIn }) =>
        engine.quoteExactIn(0, zeroForOne, amountIn).amountOut,
    )
  const uniswapQuoteAll = async () => {
    const outputs: bigint[] = []
    for (const amount of amounts) {
      const [output] = await uniswap.pool.getOutputAmount(amount)
      outputs.push(BigInt(String(output.quotient)))
    }
    return outputs
  }
  return {
    title,
    unit: 'quote',
    subject: {
      name: 'APEX quoteExactIn',
      operations: requests.length,
      run: quoteAll,
    },
    peers: [
      {
        name: 'APEX kernel, words in memory',
        operations: requests.length,
        run: batch.run,
      },
      {
        name: '@uniswap/v3-sdk Pool.getOutputAmount',
        operations: requests.length,
        run: uniswapQuoteAll,
        atLeast: 100,
      },
    ],
    verify: async () => {
      const ours = quoteAll()
      batch.run()
      requireEqual('quotes of engine and kernel', ours, batch.amountsOut())
      requireEqual(
        'quotes of APEX and @uniswap/v3-sdk',
        ours,
        await uniswapQuoteAll(),
      )
    },
  }
}

function graphOf(state: ConcentratedState) {
  return { tokenCount: 2, pools: [{ tokens: [0, 1] as const, state }] }
}
