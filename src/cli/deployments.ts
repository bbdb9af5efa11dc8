import { Command } from 'commander'
import { dexes } from '../adapters/dexes/index.ts'
import { lenders } from '../adapters/lenders/index.ts'
import type { Hex } from '../core/hex.ts'
import { wholeNumber } from './arguments.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { renderTable } from './table.ts'

type Options = { readonly chain?: number; readonly json?: true }

/** What the two registries have in common. */
type Deployment = {
  readonly name: string
  readonly chainId: number
  readonly address: Hex
  readonly verified: boolean
  readonly source: string
}

/** `apex dexes`: the exchanges that can be read and traded. */
export function dexesCommand(io: Io): Command {
  return deploymentsCommand(io, {
    name: 'dexes',
    description: 'list the exchanges that can be read and traded, by chain',
    kindHead: 'protocol',
    deployments: dexes,
    kindOf: ({ protocol }) => protocol,
  })
}

/** `apex lenders`: who lends for a transaction. */
export function lendersCommand(io: Io): Command {
  return deploymentsCommand(io, {
    name: 'lenders',
    description: 'list who lends for the length of a transaction, by chain',
    kindHead: 'kind',
    deployments: lenders,
    kindOf: ({ kind }) => kind,
  })
}

function deploymentsCommand<T extends Deployment>(
  io: Io,
  registry: {
    readonly name: string
    readonly description: string
    readonly kindHead: string
    readonly deployments: readonly T[]
    readonly kindOf: (deployment: T) => string
  },
): Command {
  const { name, description, kindHead, deployments, kindOf } = registry
  return new Command(name)
    .description(description)
    .option('--chain <id>', 'of this chain only', wholeNumber('--chain', 1))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Where nobody verified the address, look at it before you trust it.

Example:
  $ apex ${name} --chain 8453`,
    )
    .action(({ chain, json }: Options) => {
      const found = ofChain(deployments, chain)
      io.stdout(
        json
          ? toJson(found)
          : renderTable(
              [
                { head: 'chain', align: 'right' },
                { head: 'name', align: 'left' },
                { head: kindHead, align: 'left' },
                { head: 'address', align: 'left' },
                { head: 'verified', align: 'left' },
                { head: 'source', align: 'left' },
              ],
              found.map((one) => [
                String(one.chainId),
                one.name,
                kindOf(one),
                one.address,
                one.verified ? 'yes' : 'no',
                one.source,
              ]),
              io,
            ),
      )
    })
}

function ofChain<T extends Deployment>(
  deployments: readonly T[],
  chain: number | undefined,
): readonly T[] {
  if (chain === undefined) return deployments
  const found = deployments.filter(({ chainId }) => chainId === chain)
  if (found.length === 0)
    throw new UsageError(`none is known on chain ${chain}`, {
      facts: { chain },
      hint: `known chains: ${[...new Set(deployments.map(({ chainId }) => chainId))].join(', ')}`,
    })
  return found
}
