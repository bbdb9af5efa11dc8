import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'

/** `balanceOf(address)` of ERC-20. */
const balanceOfSelector = '0x70a08231'

/** Base units of a token that an account owns at the latest block. @throws RpcError */
export async function readBalance(
  rpc: Rpc,
  token: Hex,
  account: Hex,
): Promise<bigint> {
  const data = `${balanceOfSelector}${account.slice(2).toLowerCase().padStart(64, '0')}`
  const result = await rpc.request('eth_call', [{ to: token, data }, 'latest'])
  return BigInt(result as string)
}
