import type { ConcentratedState } from '../../src/engine/index.ts'
import {
  decodeBytesWords,
  encodeCall,
  encodeCallWithBytes,
  signed,
  word,
} from './abi.ts'
import { publishedBytecode } from './artifacts.ts'
import type { Answer } from './compare.ts'
import type { Evm } from './evm.ts'
import { splitAnswers } from './fuzz.ts'
import { compileContract } from './solc.ts'

/** Genuine Uniswap V3 pools: the factory's published bytecode with pools of our own making. */
export type UniswapV3 = {
  readonly evm: Evm
  readonly factory: bigint
  /** The UniswapV3Caller, rich in both tokens. */
  readonly caller: bigint
  readonly tokens: readonly [bigint, bigint]
}

/** A pool and where its liquidity lies. */
export type GenuinePool = {
  readonly address: bigint
  readonly feePips: number
  readonly tickSpacing: number
  /** `[tick, liquidityNet]` as the contract tells them, rising; swaps do not change them. */
  readonly ticks: readonly (readonly [number, bigint])[]
}

export type Position = {
  readonly tickLower: number
  readonly tickUpper: number
  readonly liquidity: bigint
}

/** A swap to ask a pool about. `amountSpecified`: positive input, negative output. */
export type SwapQuestion = {
  readonly zeroForOne: boolean
  readonly amountSpecified: bigint
  readonly sqrtPriceLimitX96: bigint
}

const factoryArtifact =
  '@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json'

export async function deployUniswapV3(evm: Evm): Promise<UniswapV3> {
  const factory = await evm.deploy(publishedBytecode(factoryArtifact))
  const caller = await evm.deploy(
    compileContract('solc', 'UniswapV3Caller.sol', 'UniswapV3Caller'),
  )
  const token = compileContract('solc', 'Token.sol', 'Token')
  const [a, b] = [await evm.deploy(token), await evm.deploy(token)]
  const tokens = a < b ? ([a, b] as const) : ([b, a] as const)
  for (const address of tokens) {
    await evm.send(
      address,
      encodeCall('mint(address,uint256)', [caller, 2n ** 254n]),
    )
  }
  // The factory starts without the tier that was voted in later: 0.01 %, spacing 1.
  await evm.send(
    factory,
    encodeCall('enableFeeAmount(uint24,int24)', [100n, 1n]),
  )
  return { evm, factory, caller, tokens }
}

/** Creates a pool of a fee tier at a price and mints the positions. */
export async function createPool(
  { evm, factory, caller, tokens }: UniswapV3,
  feePips: number,
  sqrtPriceX96: bigint,
  positions: readonly Position[],
): Promise<GenuinePool> {
  const key = [...tokens, BigInt(feePips)]
  await evm.send(factory, encodeCall('createPool(address,address,uint24)', key))
  const [address] = await evm.read(
    factory,
    'getPool(address,address,uint24)',
    key,
  )
  await evm.send(address!, encodeCall('initialize(uint160)', [sqrtPriceX96]))
  for (const { tickLower, tickUpper, liquidity } of positions) {
    await evm.send(
      caller,
      encodeCall('mint(address,int24,int24,uint128)', [
        address!,
        BigInt(tickLower),
        BigInt(tickUpper),
        liquidity,
      ]),
    )
  }
  const [tickSpacing] = await evm.read(address!, 'tickSpacing()')
  return {
    address: address!,
    feePips,
    tickSpacing: Number(tickSpacing),
    ticks: await readTicks(evm, address!, positions),
  }
}

/** The state of a pool as its contract tells it. */
export async function readState(
  { evm }: UniswapV3,
  pool: GenuinePool,
): Promise<ConcentratedState> {
  const [sqrtPriceX96, tick] = await evm.read(pool.address, 'slot0()')
  const [liquidity] = await evm.read(pool.address, 'liquidity()')
  return {
    family: 'concentrated',
    feePips: pool.feePips,
    tickSpacing: pool.tickSpacing,
    sqrtPriceX96: sqrtPriceX96!,
    tick: Number(signed(tick!)),
    liquidity: liquidity!,
    ticks: pool.ticks,
    knownTicks: [-887272, 887272],
  }
}

/** Moves the pool's price by a real swap. */
export async function swap(
  { evm, caller }: UniswapV3,
  pool: GenuinePool,
  question: SwapQuestion,
): Promise<void> {
  await evm.send(
    caller,
    encodeCall('swap(address,bool,int256,uint160)', [
      pool.address,
      ...questionWords(question),
    ]),
  )
}

/** What the pool answers to each question: `[amountIn, amountOut]`, or `'reverts'`. */
export async function askPool(
  { evm, caller }: UniswapV3,
  pool: GenuinePool,
  questions: readonly SwapQuestion[],
): Promise<readonly Answer[]> {
  const data = await evm.call(
    caller,
    encodeCallWithBytes(
      'quote(address,bytes)',
      [pool.address],
      questions.map((q) => questionWords(q).map(word).join('')).join(''),
    ),
  )
  return splitAnswers(decodeBytesWords(data), 2).map((answer, i) => {
    if (answer === 'reverts') return answer
    const [amount0, amount1] = answer.map(signed) as [bigint, bigint]
    return questions[i]!.zeroForOne ? [amount0, -amount1] : [amount1, -amount0]
  })
}

function questionWords(question: SwapQuestion): readonly bigint[] {
  const { zeroForOne, amountSpecified, sqrtPriceLimitX96 } = question
  return [BigInt(zeroForOne), amountSpecified, sqrtPriceLimitX96]
}

async function readTicks(
  evm: Evm,
  pool: bigint,
  positions: readonly Position[],
): Promise<[number, bigint][]> {
  const borders = positions.flatMap((p) => [p.tickLower, p.tickUpper])
  const ticks: [number, bigint][] = []
  for (const tick of [...new Set(borders)].sort((a, b) => a - b)) {
    const [, liquidityNet] = await evm.read(pool, 'ticks(int24)', [
      BigInt(tick),
    ])
    ticks.push([tick, signed(liquidityNet!)])
  }
  return ticks
}
