import {
  erc20Artifact,
  readContract,
  type Transactor,
  testToken,
  weth9Artifact,
} from '../../../adapters/protocols/index.ts'
import { parseAddress, zeroAddress } from '../../../core/address.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import type { Market } from '../../../market/market.ts'
import type { Token } from '../../../market/token.ts'

/** Tokens of a world. */
export type WorldTokens = {
  /** Address in the world by address in the market asked for. */
  readonly addressOf: ReadonlyMap<Hex, Hex>
  /** Addresses in the world; the native coin, if the market has it, stays at zero. */
  readonly addresses: readonly Hex[]
  readonly wrappedNative: Hex
}

/**
 * Queues the market's tokens and WETH9, as its wrapped native coin or beside
 * it. Their addresses rise in the same order as the market's, so that token0
 * of a pool stays token0.
 */
export async function deployTokens(
  transactor: Transactor,
  market: Market,
): Promise<WorldTokens> {
  const wanted = market.tokens
    .filter(({ address }) => address !== zeroAddress)
    .toSorted(byAddress)
  const count = wanted.length + (market.wrappedNative ? 0 : 1)
  const addresses = await transactor.nextAddresses(count)
  const rising = addresses.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
  const wantedAt = new Map(wanted.map((token, i) => [rising[i]!, token]))

  const addressOf = new Map<Hex, Hex>()
  let wrappedNative = zeroAddress
  for (const address of addresses) {
    const token = wantedAt.get(address)
    if (token) addressOf.set(token.address, address)
    if (!token || token === market.wrappedNative) {
      wrappedNative = address
      await transactor.deploy(weth9Artifact())
    } else {
      const values = [token.symbol, token.symbol, token.decimals]
      await transactor.deploy(testToken, values)
    }
  }
  if (market.tokens.some(({ address }) => address === zeroAddress))
    addressOf.set(zeroAddress, zeroAddress)
  return { addressOf, addresses, wrappedNative }
}

/** A token as its contract describes itself. */
export async function readToken(rpc: Rpc, address: Hex): Promise<Token> {
  const erc20 = erc20Artifact()
  const [symbol] = await readContract(rpc, address, erc20, 'symbol')
  const [decimals] = await readContract(rpc, address, erc20, 'decimals')
  return {
    address: parseAddress(address),
    symbol: symbol as string,
    decimals: Number(decimals),
  }
}

function byAddress(a: Token, b: Token): number {
  return BigInt(a.address) < BigInt(b.address) ? -1 : 1
}
