import { RpcError } from '../../../core/rpcError.ts'
import type { LenderProtocol } from '../../../market/lender.ts'
import { addressIn, viewCall } from '../../viewCall.ts'
import { balanceOf, noLoan } from '../balanceOf.ts'

/** Bits of a reserve's configuration: DataTypes.ReserveConfigurationMap. */
const activeBit = 56n
const pausedBit = 60n
const flashLoanBit = 63n
/** Place of `aTokenAddress` in what `getReserveData` returns. */
const aTokenPlace = 8
const wholeBps = 10_000n

/**
 * Aave V3: what a reserve's aToken holds, for a share of it that governance
 * sets, rounded half up (PercentageMath.percentMul). Nothing where the reserve
 * is inactive, paused, or lends no flash loans.
 */
export const aaveV3: LenderProtocol = {
  kind: 'aaveV3',
  gas: 110_000,

  async readTerms(rpc, { address }, token) {
    const [[premiumBps], reserve] = await Promise.all([
      viewCall(rpc, address, 'FLASHLOAN_PREMIUM_TOTAL()'),
      viewCall(rpc, address, 'getReserveData(address)', [token]),
    ])
    const [configuration] = reserve
    const aToken = reserve[aTokenPlace]
    if (aToken === undefined)
      throw new RpcError(`getReserveData of ${address} returns too little`, {
        method: 'eth_call',
      })
    const has = (bit: bigint): boolean => ((configuration >> bit) & 1n) === 1n
    if (!has(activeBit) || has(pausedBit) || !has(flashLoanBit)) return noLoan
    return {
      available: await balanceOf(rpc, token, addressIn(aToken)),
      premium: (amount) => (amount * premiumBps + wholeBps / 2n) / wholeBps,
      lendsToken1: false,
    }
  },
}
