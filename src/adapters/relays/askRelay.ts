import { keccakText } from '../../core/keccak.ts'
import type { MessageSigner } from '../../core/signer.ts'
import { createJsonRpcHttp, type RpcOutcome } from '../jsonRpcHttp.ts'
import type { Relay } from './relay.ts'

/** Asks one relay; never rejects. */
export type AskRelay = (
  method: string,
  params: readonly unknown[],
) => Promise<RpcOutcome>

/** All that relays have to say is a few hashes. */
const mostAnswerBytes = 1 << 20

/** `signer`: who the relays know us by; no coins need lie on it. */
export function askRelay(
  relay: Relay,
  signer: MessageSigner,
  timeoutMs: number,
): AskRelay {
  const http = createJsonRpcHttp(new URL(relay.url), timeoutMs, {
    mostBytes: mostAnswerBytes,
    ...(relay.isSigned && {
      signBody: (body) => flashbotsSignature(signer, body),
    }),
  })
  return async (method, params) => {
    const [outcome] = await http.send([{ method, params }])
    return outcome!
  }
}

/**
 * The header by which relays know a searcher: address, and signature (EIP-191)
 * of the body's keccak-256 written as hex.
 */
export async function flashbotsSignature(
  signer: MessageSigner,
  body: string,
): Promise<Readonly<Record<string, string>>> {
  const signature = await signer.signMessage(keccakText(body))
  return { 'x-flashbots-signature': `${signer.address}:${signature}` }
}
