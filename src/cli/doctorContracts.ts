import type { ChainConfig } from '../adapters/config/index.ts'
import { dexesOf } from '../adapters/dexes/index.ts'
import { lendersOf } from '../adapters/lenders/index.ts'
import { addressIn, viewCall } from '../adapters/viewCall.ts'
import { parseAddress } from '../core/address.ts'
import type { Hex } from '../core/hex.ts'
import type { Rpc } from '../core/rpc.ts'
import type { Finding, Notes } from './doctorFindings.ts'

/** Requests at once: a public node counts them. */
const lanes = 4

type Deployment = {
  readonly name: string
  readonly address: Hex
  readonly verified: boolean
}

/** Whether there is code where exchanges, lenders and Multicall3 should lie. */
export async function checkContracts(
  rpc: Rpc,
  section: ChainConfig,
  notes: Notes,
): Promise<readonly Finding[]> {
  const { chain } = section
  const code = (
    kind: string,
    known: readonly Deployment[],
    names: readonly string[] | undefined,
  ) => notes.attempt(kind, () => checkCode(rpc, kind, known, names, notes))
  return [
    ...(await notes.attempt('multicall', async () => [
      (await hasCode(rpc, chain.multicall))
        ? notes.ok('multicall', chain.multicall)
        : notes.warning(
            'multicall',
            `no code at ${chain.multicall}: many reads take many requests`,
          ),
    ])),
    ...(await code('dexes', dexesOf(chain.chainId), section.dexes)),
    ...(await code('lenders', lendersOf(chain.chainId), section.lenders)),
  ]
}

/** Whether the executor is there, whose it is, and whether the account may trade by it. */
export async function checkExecutor(
  rpc: Rpc,
  executor: Hex,
  operator: Hex | undefined,
  notes: Notes,
): Promise<readonly Finding[]> {
  return notes.attempt('executor', async () => {
    if (!(await hasCode(rpc, executor)))
      return [
        notes.fault(
          'executor',
          `no code at ${executor}: apex deploy puts it there`,
        ),
      ]
    const [ownerWord] = await viewCall(rpc, executor, 'owner()')
    const [isPaused] = await viewCall(rpc, executor, 'paused()')
    const owner = parseAddress(addressIn(ownerWord))
    return [
      isPaused === 0n
        ? notes.ok('executor', executor)
        : notes.fault(
            'executor',
            `${executor} is paused: its owner calls unpause()`,
          ),
      owner === operator
        ? notes.warning(
            'owner',
            `${owner} is the account that sends: who steals its key withdraws everything`,
          )
        : notes.ok('owner', owner),
      ...(operator === undefined
        ? []
        : [await operatorFinding(rpc, executor, operator, notes)]),
    ]
  })
}

async function operatorFinding(
  rpc: Rpc,
  executor: Hex,
  operator: Hex,
  notes: Notes,
): Promise<Finding> {
  const [isOperator] = await viewCall(rpc, executor, 'isOperator(address)', [
    operator,
  ])
  return isOperator === 0n
    ? notes.fault(
        'operator',
        `${operator} may not trade: the executor's owner calls addOperator(${operator})`,
      )
    : notes.ok('operator', operator)
}

async function checkCode(
  rpc: Rpc,
  kind: string,
  known: readonly Deployment[],
  names: readonly string[] | undefined,
  notes: Notes,
): Promise<readonly Finding[]> {
  const used = names ? known.filter(({ name }) => names.includes(name)) : known
  if (used.length === 0)
    return [
      notes.warning(
        kind,
        known.length > 0
          ? 'none is named in the configuration'
          : 'none is known on this chain',
      ),
    ]
  const missing: Deployment[] = []
  const waiting = [...used]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      if (!(await hasCode(rpc, next.address))) missing.push(next)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return [
    ...(missing.length < used.length
      ? [
          notes.ok(
            kind,
            `code at ${used.length - missing.length} of ${used.length}`,
          ),
        ]
      : []),
    ...missing.map((one) => {
      const detail = `no code at ${one.address} (${one.name})`
      // Nobody promised that an unverified address is right.
      return names || one.verified
        ? notes.fault(kind, detail)
        : notes.warning(kind, detail)
    }),
  ]
}

async function hasCode(rpc: Rpc, address: Hex): Promise<boolean> {
  const code = await rpc.request('eth_getCode', [address, 'latest'])
  return typeof code === 'string' && code.length > 2
}
