import { preparePancakeswapSteps } from './peers/pancakeswapV3Sdk.ts'
import { prepareUniswapSteps } from './peers/uniswapV3Sdk.ts'
import { createKernelSteps, loadEngine } from './support/apex.ts'
import type { Ask } from './support/question.ts'
import { generateSwapSteps } from './support/swapSteps.ts'
import { requireEqual } from './support/verify.ts'

const count = 1000

/** What does one exact step of a concentrated swap cost? */
const ask: Ask = async () => {
  const steps = generateSwapSteps(count)
  const { math } = await loadEngine({ tokenCount: 0, pools: [] })
  const kernel = await createKernelSteps(steps)
  const uniswap = prepareUniswapSteps(steps)
  const pancakeswap = preparePancakeswapSteps(steps)
  const computeAll = () =>
    steps.map((step) =>
      math.computeSwapStep(
        step.sqrtPriceX96,
        step.sqrtPriceTargetX96,
        step.liquidity,
        step.amountRemaining,
        step.feePips,
      ),
    )
  return [
    {
      title: 'exact computeSwapStep in batches',
      unit: 'step',
      subject: {
        name: 'APEX kernel, words in memory',
        operations: count,
        run: kernel.run,
      },
      peers: [
        {
          name: '@uniswap/v3-sdk SwapMath',
          operations: count,
          run: uniswap,
          atLeast: 25,
        },
        {
          name: '@pancakeswap/v3-sdk SwapMath',
          operations: count,
          run: pancakeswap,
          atLeast: 8,
        },
        {
          name: 'APEX math.computeSwapStep, bigint in and out',
          operations: count,
          run: computeAll,
        },
      ],
      verify: () => {
        const ours = computeAll().flatMap((step) => [
          step.sqrtPriceNextX96,
          step.amountIn,
          step.amountOut,
          step.feeAmount,
        ])
        kernel.run()
        requireEqual('steps of engine and kernel', ours, kernel.results())
        requireEqual(
          'steps of APEX and @uniswap/v3-sdk',
          ours,
          uniswap()
            .flat()
            .map((value) => BigInt(String(value))),
        )
        requireEqual(
          'steps of APEX and @pancakeswap/v3-sdk',
          ours,
          pancakeswap().flat(),
        )
      },
    },
  ]
}

export default ask
