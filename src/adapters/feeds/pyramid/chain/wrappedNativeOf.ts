import { parseAddress, zeroAddress } from '../../../../core/address.ts'
import type { Hex } from '../../../../core/hex.ts'
import { nativeCoin } from '../../../../core/nativeCoins.ts'
import type { FetchOptions } from '../fetchOptions.ts'

/** The wrapped coin's token: the one that was named, else the chain's known one. */
export function wrappedNativeOf(
  { wrappedNative }: Pick<FetchOptions, 'wrappedNative'>,
  chainId: number,
): Hex | undefined {
  const address = wrappedNative ?? nativeCoin(chainId)?.wrappedAddress
  return address === undefined || address === zeroAddress
    ? undefined
    : parseAddress(address)
}
