import type { TrialHop } from '../adapters/feeds/pyramid/index.ts'
import { tokenProbe } from '../adapters/protocols/index.ts'
import type { Hex } from '../core/hex.ts'
import { RpcError } from '../core/rpcError.ts'
import { encodeCall } from './callWords.ts'
import type { TrialChain } from './trialChain.ts'

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

/** Buys the last token of the path and sells it, all in one call; undefined where even that fails. */
export function roundTrip(
  on: TrialChain,
  path: readonly TrialHop[],
): Promise<Trial | undefined> {
  return callProbe(on, 'roundTrip', path.map(encodedHop))
}

/** Sells what is held of the token that the hop buys. */
export function sellHeld(
  on: TrialChain,
  hop: TrialHop,
): Promise<Trial | undefined> {
  return callProbe(on, 'sellHeld', encodedHop(hop))
}

/** Queues a transaction that buys the last token of the path and keeps it; its hash. */
export async function sendHold(
  { chain, sender, trader, gasPrice }: TrialChain,
  path: readonly TrialHop[],
): Promise<Hex> {
  const data = tokenProbe.abi.encodeFunctionData('hold', [path.map(encodedHop)])
  const transaction = { from: sender, to: trader, data, gas, gasPrice }
  return (await chain.request('eth_sendTransaction', [transaction])) as Hex
}

/** What the trader has of a token, in base units; undefined where the token does not tell. */
export async function readHeld(
  on: TrialChain,
  token: Hex,
): Promise<bigint | undefined> {
  const data = encodeCall('balanceOf(address)', [on.trader])
  const answer = await callOrFail(on, token, data)
  return answer === undefined || answer === '0x'
    ? undefined
    : BigInt(answer.slice(0, 66))
}

async function callProbe(
  on: TrialChain,
  name: 'roundTrip' | 'sellHeld',
  argument: unknown,
): Promise<Trial | undefined> {
  const data = tokenProbe.abi.encodeFunctionData(name, [argument]) as Hex
  const answer = await callOrFail(on, on.trader, data)
  if (answer === undefined) return undefined
  const [words] = tokenProbe.abi.decodeFunctionResult(name, answer)
  const [stage, heldBefore, heldAfter, promised, left, arrived] = words
  const [, , , , , , sent, gone, reached, paid] = words
  return {
    stage: stages[Number(stage)]!,
    ...{ heldBefore, heldAfter, promised, left, arrived },
    ...{ sent, gone, reached, paid },
  }
}

/** A token may eat all gas, or take the answer itself away: then undefined. */
async function callOrFail(
  { chain, sender: from, gasPrice }: TrialChain,
  to: Hex,
  data: Hex,
): Promise<Hex | undefined> {
  const call = { from, to, data, gas, gasPrice }
  try {
    return (await chain.request('eth_call', [call, 'latest'])) as Hex
  } catch (error) {
    if (error instanceof RpcError && isOfTheCall(error)) return undefined
    throw error
  }
}

/** Whether the contracts failed, not the node behind the copy. */
function isOfTheCall(error: RpcError): boolean {
  return (
    error.data !== undefined ||
    /revert|vm exception|opcode|out of ?gas|stack ?(?:over|under)flow|invalid ?jump/i.test(
      error.message,
    )
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
