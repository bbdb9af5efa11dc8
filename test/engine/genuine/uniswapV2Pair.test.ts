import { beforeAll, expect, it } from 'vitest'
import type { ExactMath } from '../../../src/engine/index.ts'
import {
  decodeBytesWords,
  encodeCall,
  encodeCallWithBytes,
  word,
} from '../../support/abi.ts'
import { publishedBytecode } from '../../support/artifacts.ts'
import { outcome } from '../../support/compare.ts'
import { createEdges, type Edges } from '../../support/edges.ts'
import { engineMakers } from '../../support/engines.ts'
import { createEvm, type Evm } from '../../support/evm.ts'
import { compileContract } from '../../support/solc.ts'

/** The genuine UniswapV2Pair pays getAmountOut, and not a unit more. */

const feePips = 3000
const maxReserve = 2n ** 112n - 1n
const rounds = 16
const swapsPerRound = 64
const maths: Record<string, ExactMath> = {}
let evm: Evm
let caller: bigint
let pair: bigint
let tokens: readonly [bigint, bigint]

beforeAll(async () => {
  for (const { name, create } of engineMakers) {
    maths[name] = (await create()).math
  }
  evm = await createEvm()
  caller = await evm.deploy(
    compileContract('solc', 'UniswapV2Caller.sol', 'UniswapV2Caller'),
  )
  const factory = await evm.deploy(
    publishedBytecode('@uniswap/v2-core/build/UniswapV2Factory.json') +
      word(0n),
  )
  const token = compileContract('solc', 'Token.sol', 'Token')
  const [a, b] = [await evm.deploy(token), await evm.deploy(token)]
  await evm.send(factory, encodeCall('createPair(address,address)', [a, b]))
  ;[pair] = (await evm.read(factory, 'getPair(address,address)', [a, b])) as [
    bigint,
  ]
  tokens = a < b ? [a, b] : [b, a]
  for (const address of tokens) await give(address, caller, 2n ** 113n)
})

it('swaps of getAmountOut go through, one unit more reverts', async () => {
  const edges = createEdges(2100)
  let done = 0
  for (let round = 0; round < rounds; round++) {
    const reserves = await addReserves(edges)
    const swaps = Array.from({ length: swapsPerRound }, () => {
      const zeroForOne = edges.integer(0, 1) === 1
      const reserveIn = reserves[zeroForOne ? 0 : 1]
      const amountIn = someAmount(edges, reserveIn, maxReserve - reserveIn)
      return { zeroForOne, amountIn }
    })
    for (const math of Object.values(maths)) {
      const outputs = swaps.map(({ zeroForOne, amountIn }) => {
        const [reserveIn, reserveOut] = zeroForOne
          ? reserves
          : [reserves[1], reserves[0]]
        const out = outcome(() => [
          math.getAmountOut(amountIn, reserveIn, reserveOut, feePips),
        ])
        return { out: out === 'reverts' ? 0n : out[0]!, reserveOut }
      })
      const answers = await trySwaps(
        swaps.flatMap(({ zeroForOne, amountIn }, i) => {
          const { out } = outputs[i]!
          return [
            BigInt(zeroForOne),
            amountIn,
            out,
            BigInt(zeroForOne),
            amountIn,
            out + 1n,
          ]
        }),
      )
      expect(answers).toEqual(
        outputs
          .flatMap(({ out, reserveOut }) => [
            out > 0n ? 'done' : 'UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT',
            out + 1n < reserveOut
              ? 'UniswapV2: K'
              : 'UniswapV2: INSUFFICIENT_LIQUIDITY',
          ])
          // The caller keeps the first word of a reason.
          .map((reason) => reason.slice(0, 32)),
      )
      done += answers.filter((answer) => answer === 'done').length
    }
  }
  expect(done).toBeGreaterThan((rounds * swapsPerRound) / 2)
})

/** From nearly nothing to as much as still fits. */
function someAmount(edges: Edges, reserve: bigint, room: bigint): bigint {
  const amount = edges.pick([
    edges.uint(112),
    1n + (edges.uint(112) % reserve),
    1n + (edges.uint(112) % (1n + reserve / 1000n)),
    room,
  ])
  const fitting = amount > room ? room : amount
  return fitting === 0n ? 1n : fitting
}

/** Donates to the pair: first tiny reserves, in the end up to uint112. */
async function addReserves(edges: Edges): Promise<readonly [bigint, bigint]> {
  const [reserve0, reserve1] = await readReserves()
  const isFirst = reserve0 === 0n
  const bits = edges.pick([16, 40, 64, 80, 104])
  const add = (reserve: bigint): bigint => {
    const amount = 1001n + edges.uint(bits)
    // Room for the swaps to come is kept: a pair refuses more than uint112.
    const room = maxReserve - reserve - 2n ** 104n
    return amount < room ? amount : 0n
  }
  await give(tokens[0], pair, add(reserve0))
  await give(tokens[1], pair, add(reserve1))
  await evm.send(
    pair,
    isFirst ? encodeCall('mint(address)', [caller]) : encodeCall('sync()'),
  )
  return readReserves()
}

async function readReserves(): Promise<readonly [bigint, bigint]> {
  const [reserve0, reserve1] = await evm.read(pair, 'getReserves()')
  return [reserve0!, reserve1!]
}

async function give(token: bigint, to: bigint, amount: bigint): Promise<void> {
  await evm.send(token, encodeCall('mint(address,uint256)', [to, amount]))
}

async function trySwaps(records: readonly bigint[]): Promise<string[]> {
  const data = await evm.call(
    caller,
    encodeCallWithBytes(
      'trySwaps(address,bytes)',
      [pair],
      records.map(word).join(''),
    ),
  )
  return decodeBytesWords(data).map((reason) =>
    Buffer.from(word(reason), 'hex').toString('latin1').replaceAll('\0', ''),
  )
}
