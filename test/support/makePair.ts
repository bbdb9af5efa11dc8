import { Interface } from 'ethers'
import type { Hex } from '../../src/core/hex.ts'
import type { World } from '../../src/programs/simulate/world/world.ts'

const pairs = new Interface([
  'function createPair(address, address) returns (address)',
  'function getPair(address, address) view returns (address)',
  'function mint(address) returns (uint256)',
])

/** A factory of Uniswap V2 and two tokens that it has no pair of, the first of which trades for the native coin. */
export function freePair({ dexes, market, wrappedNative }: World): {
  readonly factory: Hex
  readonly tokens: readonly [Hex, Hex]
} {
  const priced = new Set(
    market.pools.flatMap(({ tokens }) =>
      tokens.includes(wrappedNative) ? tokens : [],
    ),
  )
  for (const dex of dexes.filter(({ protocol }) => protocol === 'uniswap-v2')) {
    const taken = new Set(
      market.pools
        .filter((pool) => pool.dex === dex.name)
        .map(({ tokens }) => tokens.join()),
    )
    for (const { address: a } of market.tokens)
      for (const { address: b } of market.tokens)
        if (
          a.toLowerCase() < b.toLowerCase() &&
          priced.has(a) &&
          ![a, b].includes(wrappedNative) &&
          !taken.has([a, b].join())
        )
          return { factory: dex.address, tokens: [a, b] }
  }
  throw new Error('all tokens have pairs')
}

/** Makes that pair in four blocks: created, filled twice, minted. `user` sends; `reserve` is base units of either token. */
export async function makePair(
  world: World,
  user: Hex,
  reserve: bigint,
): Promise<Hex> {
  const { chain } = world
  const { factory, tokens } = freePair(world)
  const send = async (to: Hex, data: string): Promise<void> => {
    await chain.request('eth_sendTransaction', [
      { from: user, to, data, gas: '0x4c4b40' },
    ])
    await chain.mine()
  }
  await send(factory, pairs.encodeFunctionData('createPair', [...tokens]))
  const answer = await chain.request('eth_call', [
    { to: factory, data: pairs.encodeFunctionData('getPair', [...tokens]) },
    'latest',
  ])
  const [pair] = pairs.decodeFunctionResult(
    'getPair',
    answer as string,
  ) as unknown as [Hex]
  for (const token of tokens) {
    await world.mint(token, pair, reserve)
    await chain.mine()
  }
  await send(pair, pairs.encodeFunctionData('mint', [user]))
  return pair
}
