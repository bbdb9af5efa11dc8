import { Command } from 'commander'
import { chains } from '../adapters/chains/index.ts'
import { dexesOf } from '../adapters/dexes/index.ts'
import { lendersOf } from '../adapters/lenders/index.ts'
import { groupThousands } from '../core/units.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { renderTable } from './table.ts'

type Options = { readonly json?: true }

/** `apex chains`: the chains that are known by name. */
export function chainsCommand(io: Io): Command {
  return new Command('chains')
    .description('list the chains that are known by name')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Another chain works too: give its chainId in the configuration.

Example:
  $ apex chains --json`,
    )
    .action(({ json }: Options) => {
      io.stdout(json ? toJson(chains) : chainsTable(io))
    })
}

function chainsTable(io: Io): string {
  return renderTable(
    [
      { head: 'name', align: 'left' },
      { head: 'chain', align: 'right' },
      { head: 'coin', align: 'left' },
      { head: 'block', align: 'right' },
      { head: 'final', align: 'right' },
      { head: 'most gas', align: 'right' },
      { head: 'fees', align: 'left' },
      { head: 'mempool', align: 'left' },
      { head: 'DEXes', align: 'right' },
      { head: 'lenders', align: 'right' },
      { head: 'base tokens', align: 'left' },
    ],
    chains.map((chain) => [
      chain.name,
      String(chain.chainId),
      chain.nativeCoin,
      `${chain.blockTimeMs / 1000} s`,
      `${chain.finalityBlocks} blocks`,
      groupThousands(chain.maxTransactionGas),
      chain.feeModel,
      chain.hasPublicMempool ? 'public' : 'private',
      String(dexesOf(chain.chainId).length),
      String(lendersOf(chain.chainId).length),
      chain.baseTokens.map(({ symbol }) => symbol).join(', ') || 'none',
    ]),
    io,
  )
}
