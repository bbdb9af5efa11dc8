import { zeroAddress } from '../../../core/address.ts'
import type { Hex } from '../../../core/hex.ts'
import { RpcError } from '../../../core/rpcError.ts'
import type { LenderProtocol } from '../../../market/lender.ts'
import { viewCall } from '../../viewCall.ts'
import { balanceOf, noLoan } from '../balanceOf.ts'
import { readThrough } from '../readThrough.ts'

/** Bits of a reserve's configuration: DataTypes.ReserveConfigurationMap. */
const activeBit = 56n
const pausedBit = 60n
const flashLoanBit = 63n
/** Place of `aTokenAddress` in what `getReserveData` returns. */
const aTokenPlace = 8
const wholeBps = 10_000n

function aTokenIn(reserve: readonly bigint[], pool: Hex): bigint {
  const word = reserve[aTokenPlace]
  if (word === undefined)
    throw new RpcError(`getReserveData of ${pool} returns too little`, {
      method: 'eth_call',
    })
  return word
}

/**
 * Aave V3: what a reserve's aToken holds, for a share of it that governance
 * sets, rounded half up (PercentageMath.percentMul). Nothing where the reserve
 * is inactive, paused, or lends no flash loans.
 */
export const aaveV3: LenderProtocol = {
  kind: 'aaveV3',
  gas: 110_000,

  async readTerms(rpc, { address }, token) {
    const reserve = viewCall(rpc, address, 'getReserveData(address)', [token])
    const [[premiumBps], [configuration], available] = await Promise.all([
      viewCall(rpc, address, 'FLASHLOAN_PREMIUM_TOTAL()'),
      reserve,
      readThrough(
        rpc,
        `aToken of ${token} in ${address}`,
        reserve.then((words) => aTokenIn(words, address)),
        // There is none where the token is not listed.
        async (aToken) =>
          aToken === zeroAddress ? 0n : await balanceOf(rpc, token, aToken),
      ),
    ])
    const has = (bit: bigint): boolean => ((configuration >> bit) & 1n) === 1n
    if (!has(activeBit) || has(pausedBit) || !has(flashLoanBit)) return noLoan
    return {
      available,
      premium: (amount) => (amount * premiumBps + wholeBps / 2n) / wholeBps,
      lendsToken1: false,
    }
  },
}
