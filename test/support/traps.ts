import { Interface } from 'ethers'
import { parseAddress } from '../../src/core/address.ts'
import type { Hex } from '../../src/core/hex.ts'
import { createMarket, type Market, type Pool } from '../../src/market/index.ts'
import type { World } from '../../src/programs/simulate/world/world.ts'
import { compileContract } from './solc.ts'

/** In the order of TrapToken.Kind; the first three are honest. */
export const trapKinds = [
  'Plain',
  'NoReturn',
  'BlockedForOneHolder',
  'FeeOnBuy',
  'FeeOnSell',
  'NoBuy',
  'NoSell',
  'NoSellLater',
  'NoSellByStrangers',
  'NoSellInBlockOfPurchase',
  'LiesOfPools',
  'LiesOfHolders',
  'RebasesDaily',
  'RebasesOnTransfer',
  'EatsGasOnSell',
  'CleanWithoutGasPrice',
  'TakesMore',
] as const

export type TrapKind = (typeof trapKinds)[number]

/** A pool of a market of traps: symbols of its tokens. */
export type TrapPool = {
  readonly dex: 'uniswap-v2' | 'uniswap-v3'
  readonly tokens: readonly [string, string]
}

const unit = 10n ** 18n
const turn = new Interface(['function turn(uint8 to, address[] pools)'])

/** A market of deep pools, worth one for one; the token `WETH` wraps the native coin. */
export function marketOfPools(
  pools: readonly TrapPool[],
  chainId = 31_337,
): Market {
  const symbols = [
    ...new Set(['WETH', ...pools.flatMap((pool) => pool.tokens)]),
  ]
  const addressOf = (symbol: string): Hex =>
    parseAddress(
      `0x${(symbols.indexOf(symbol) + 1).toString(16).padStart(40, '0')}`,
    )
  return createMarket({
    chainId,
    blockNumber: 1,
    wrappedNative: addressOf('WETH'),
    tokens: symbols.map((symbol) => ({
      address: addressOf(symbol),
      symbol,
      decimals: 18,
    })),
    pools: pools.map(({ dex, tokens }, i): Pool => {
      const [a, b] = tokens.map(addressOf) as [Hex, Hex]
      const identity = {
        address: parseAddress(`0x${(i + 1001).toString(16).padStart(40, '0')}`),
        dex,
        tokens: BigInt(a) < BigInt(b) ? ([a, b] as const) : ([b, a] as const),
        feePips: 3000,
      } as const
      if (dex === 'uniswap-v2')
        return {
          ...identity,
          family: 'constantProduct',
          reserves: [1000n * unit, 1000n * unit],
        }
      const liquidity = 1000n * unit
      return {
        ...identity,
        family: 'concentrated',
        tickSpacing: 60,
        sqrtPriceX96: 1n << 96n,
        tick: 0,
        liquidity,
        ticks: [
          [-6000, liquidity],
          [6000, -liquidity],
        ],
        knownTicks: [-887_272, 887_272],
      }
    }),
  })
}

/** The address of the token with this symbol. */
export function tokenNamed({ tokens }: Market, symbol: string): Hex {
  const token = tokens.find((one) => one.symbol === symbol)
  if (!token) throw new Error(`there is no token ${symbol}`)
  return token.address
}

/** Gives tokens of a world the code of a trap, each of its kind; `more`: their pools beside the world's own. */
export async function setTraps(
  { chain, market, deployer }: World,
  traps: ReadonlyMap<string, TrapKind>,
  more: readonly Hex[] = [],
): Promise<void> {
  const send = async (to: Hex | undefined, data: Hex): Promise<Hex> => {
    const hash = await chain.request('eth_sendTransaction', [
      { from: deployer, ...(to && { to }), data, gas: '0x4c4b40' },
    ])
    await chain.mine()
    const receipt = (await chain.request('eth_getTransactionReceipt', [
      hash,
    ])) as { readonly status: Hex; readonly contractAddress: Hex }
    if (receipt.status !== '0x1') throw new Error('a trap cannot be set')
    return receipt.contractAddress
  }
  const made = await send(
    undefined,
    `0x${compileContract('solc', 'TrapToken.sol', 'TrapToken')}`,
  )
  const code = await chain.request('eth_getCode', [made, 'latest'])
  for (const [symbol, kind] of traps) {
    const address = tokenNamed(market, symbol)
    await chain.request('hardhat_setCode', [address, code])
    const pools = market.pools
      .filter(({ tokens }) => tokens.includes(address))
      .map((pool) => pool.address)
      // A pool of Uniswap V4 is no contract.
      .filter((pool) => pool.length === address.length)
    const place = trapKinds.indexOf(kind)
    await send(
      address,
      turn.encodeFunctionData('turn', [place, [...pools, ...more]]) as Hex,
    )
  }
}
