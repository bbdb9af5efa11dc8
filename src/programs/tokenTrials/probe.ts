import type { EmbeddedChain } from '../../adapters/evm/embeddedChain.ts'
import type { TrialHop } from '../../adapters/feeds/pyramid/index.ts'
import { tokenProbe } from '../../adapters/protocols/index.ts'
import type { Hex } from '../../core/hex.ts'
import { RpcError } from '../../core/rpcError.ts'

/** How far a trial came; in the order of TokenProbe.Stage. */
const stages = ['unreachable', 'unbuyable', 'unsellable', 'done'] as const

/** What TokenProbe measured, in base units of the token; `paid` in those of what paid for it. */
export type Trial = {
  readonly stage: (typeof stages)[number]
  readonly heldBefore: bigint
  readonly heldAfter: bigint
  readonly promised: bigint
  readonly left: bigint
  readonly arrived: bigint
  readonly sent: bigint
  readonly gone: bigint
  readonly reached: bigint
  readonly paid: bigint
}

/** In the order of TokenProbe.Kind. */
const kinds = ['pair', 'solidlyPair', 'pool'] as const
const gas = '0x1c9c380'
/** Tokens have been seen that behave in calls without a price only. */
const gasPrice = '0x174876e800'

/** Buys the last token of the path and sells it, all in one call; undefined where even that fails. */
export function roundTrip(
  chain: EmbeddedChain,
  from: Hex,
  probe: Hex,
  path: readonly TrialHop[],
): Promise<Trial | undefined> {
  return callProbe(chain, from, probe, 'roundTrip', path.map(encodedHop))
}

/** Sells what is held of the token that the hop buys. */
export function sellHeld(
  chain: EmbeddedChain,
  from: Hex,
  probe: Hex,
  hop: TrialHop,
): Promise<Trial | undefined> {
  return callProbe(chain, from, probe, 'sellHeld', encodedHop(hop))
}

/** Queues a transaction that buys the last token of the path and keeps it; its hash. */
export async function sendHold(
  chain: EmbeddedChain,
  from: Hex,
  probe: Hex,
  path: readonly TrialHop[],
): Promise<Hex> {
  const data = tokenProbe.abi.encodeFunctionData('hold', [path.map(encodedHop)])
  const transaction = { from, to: probe, data, gas, gasPrice }
  return (await chain.request('eth_sendTransaction', [transaction])) as Hex
}

async function callProbe(
  chain: EmbeddedChain,
  from: Hex,
  probe: Hex,
  name: 'roundTrip' | 'sellHeld',
  argument: unknown,
): Promise<Trial | undefined> {
  const data = tokenProbe.abi.encodeFunctionData(name, [argument])
  const call = { from, to: probe, data, gas, gasPrice }
  let answer: Hex
  try {
    answer = (await chain.request('eth_call', [call, 'latest'])) as Hex
  } catch (error) {
    // A token that eats all gas, or takes the answer itself away.
    if (error instanceof RpcError && isOfTheCall(error)) return undefined
    throw error
  }
  const [words] = tokenProbe.abi.decodeFunctionResult(name, answer)
  const [stage, heldBefore, heldAfter, promised, left, arrived] = words
  const [, , , , , , sent, gone, reached, paid] = words
  return {
    stage: stages[Number(stage)]!,
    ...{ heldBefore, heldAfter, promised, left, arrived },
    ...{ sent, gone, reached, paid },
  }
}

/** Whether the contracts failed, not the node behind the copy. */
function isOfTheCall(error: RpcError): boolean {
  return (
    error.data !== undefined ||
    /revert|out of gas|outofgas|invalid opcode/i.test(error.message)
  )
}

function encodedHop({
  kind,
  pool,
  tokenIn,
  tokenOut,
  amountIn,
  feePips,
}: TrialHop): readonly unknown[] {
  return [kinds.indexOf(kind), pool, tokenIn, tokenOut, amountIn, feePips]
}
