import { viewCall } from '../../adapters/viewCall.ts'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'

/** Base units of a token that an account owns at the latest block. @throws RpcError */
export async function readBalance(
  rpc: Rpc,
  token: Hex,
  account: Hex,
): Promise<bigint> {
  const [balance] = await viewCall(rpc, token, 'balanceOf(address)', [account])
  return balance
}
