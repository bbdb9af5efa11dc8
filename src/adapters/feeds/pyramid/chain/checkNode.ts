import { ChainMismatchError } from '../../../../core/chainMismatchError.ts'
import type { Hex } from '../../../../core/hex.ts'
import type { Rpc } from '../../../../core/rpc.ts'
import { RpcError } from '../../../../core/rpcError.ts'
import type { FetchOptions } from '../fetchOptions.ts'
import { askPatiently } from './pinBlock.ts'

/** The chain of the node. @throws ChainMismatchError where a DEX is of another. */
export async function checkChain({
  rpc,
  dexes,
  signal,
}: FetchOptions): Promise<number> {
  const answer = await askPatiently(rpc, 'eth_chainId', [], signal)
  const chainId = Number(answer)
  const stranger = dexes.find((dex) => dex.chainId !== chainId)
  if (stranger) throw new ChainMismatchError(stranger.chainId, chainId)
  return chainId
}

/** @throws RpcError where there is no contract at the address of Multicall3. */
export async function checkMulticall(
  rpc: Rpc,
  multicall3: Hex,
  blockNumber: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (await hasCode(rpc, multicall3, blockNumber, signal)) return
  throw new RpcError(
    `there is no Multicall3 at ${multicall3} at block ${blockNumber}: give its address, or a later block`,
    { method: 'eth_getCode' },
  )
}

/** Whether there is a contract at an address. */
export async function hasCode(
  rpc: Rpc,
  address: Hex,
  blockNumber: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const block = `0x${blockNumber.toString(16)}`
  const code = await askPatiently(rpc, 'eth_getCode', [address, block], signal)
  return typeof code === 'string' && code.length > 2
}
