import { Command } from 'commander'
import { exitCodes, explain, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { type AskedChain, askedChains } from './snapshotChain.ts'
import { type SnapshotOptions, withSnapshotOptions } from './snapshotOptions.ts'
import {
  type ChainFailure,
  type SnapshotsEnd,
  takeSnapshots,
} from './snapshotTake.ts'
import { verifySnapshot } from './snapshotVerify.ts'

/** `apex snapshot`: the pools of a chain as a market file, or a market file held against the chain. */
export function snapshotCommand(
  io: Io,
  setExitCode: (code: number) => void,
): Command {
  const command = new Command('snapshot').description(
    'read the pools of a chain into a market file, or verify one',
  )
  return withSnapshotOptions(command)
    .addHelpText(
      'after',
      `
Nodes, DEXes, base tokens and the file to write are those of the configuration;
--rpc needs none. Four chains are read at once, and each file is written as soon
as its chain is done. A chain that fails stops no other: it is told at the end,
and the exit code is 1.

A DEX that cannot be read is left out and named; the exit code is 1 then.

An interrupted run leaves FILE.progress; the same command goes on from there, at
the same block, or anew where the node has lost that block. --verify reads the
file's pools at the file's block (or at --block), lists what differs and exits 1
where anything does.

Each token that is no base token is bought and sold on a copy of the chain in
this process: what takes a fee or cannot be sold stays out, with its pools.

Examples:
  $ apex snapshot
  $ apex snapshot --chain base --verify
  $ apex snapshot --rpc env:BASE_RPC --dex uniswap-v2,uniswap-v3 --pools-limit 2000 --out base.jsonl.gz`,
    )
    .action(async (options: SnapshotOptions) => {
      const { out, verify } = options
      if (out !== undefined && verify !== undefined)
        throw new UsageError('give either --out FILE or --verify')
      const chains = await askedChains(options)
      const file = typeof verify === 'string' ? verify : out
      if (chains.length > 1 && file !== undefined)
        throw new UsageError(`${file} is the file of one chain: name it`, {
          hint: '--chain NAME',
        })
      if (!(await runAll(chains, options, io))) setExitCode(exitCodes.failed)
    })
}

/** Whether all went well; where several were asked for, one that fails stops no other. */
async function runAll(
  chains: readonly AskedChain[],
  options: SnapshotOptions,
  io: Io,
): Promise<boolean> {
  const { failures, isWhole } =
    options.verify === undefined
      ? await takeSnapshots(chains, options, io)
      : await verifyAll(chains, options, io)
  const [first] = failures
  if (first && chains.length === 1) throw first.error
  for (const { chain, error } of failures)
    io.stderr(`${chain.name}: ${explain(error).text}`)
  return isWhole && failures.length === 0
}

/** One chain after the other. */
async function verifyAll(
  chains: readonly AskedChain[],
  options: SnapshotOptions,
  io: Io,
): Promise<SnapshotsEnd> {
  const failures: ChainFailure[] = []
  let isWhole = true
  for (const asked of chains)
    try {
      const chain = await asked.open()
      const { verify } = options
      const file = typeof verify === 'string' ? verify : chain.market
      if (file === undefined)
        throw new UsageError('give either --out FILE or --verify FILE')
      if (!(await verifySnapshot(chain, file, options, io))) isWhole = false
    } catch (error) {
      failures.push({ chain: asked, error })
    }
  return { failures, isWhole }
}
