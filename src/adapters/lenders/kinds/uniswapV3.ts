import { mulDivRoundingUp } from '../../../engine/reference/fullMath.ts'
import type { LenderProtocol } from '../../../market/lender.ts'
import { viewCall } from '../../viewCall.ts'
import { balanceOf, noLoan } from '../balanceOf.ts'

const wholePips = 1_000_000n

/**
 * `flash` of a Uniswap V3 pool, whose address is the lender's: what it holds of
 * its two tokens, for the pool's fee, rounded up. Nothing where the pool has no
 * liquidity in force: it refuses then. PancakeSwap's pools are the same; not
 * Algebra's, whose flash fee is another than their swap fee.
 */
export const uniswapV3: LenderProtocol = {
  kind: 'uniswapV3',
  gas: 50_000,

  async readTerms(rpc, { address }, token) {
    const [[feePips], [token0], [token1], [liquidity]] = await Promise.all(
      ['fee()', 'token0()', 'token1()', 'liquidity()'].map((signature) =>
        viewCall(rpc, address, signature),
      ) as [Words, Words, Words, Words],
    )
    const lendsToken1 = token1 === BigInt(token)
    if (liquidity === 0n || (!lendsToken1 && token0 !== BigInt(token)))
      return noLoan
    return {
      available: await balanceOf(rpc, token, address),
      premium: (amount) => mulDivRoundingUp(amount, feePips, wholePips),
      lendsToken1,
    }
  },
}

type Words = ReturnType<typeof viewCall>
