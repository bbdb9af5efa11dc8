import type { Command } from 'commander'
import type { Discovery } from '../adapters/feeds/pyramid/index.ts'
import type { Hex } from '../core/hex.ts'
import { address, list, oneOf, wholeNumber } from './arguments.ts'
import { type ConfigOptions, withConfigOptions } from './configOptions.ts'
import { type GivenDex, givenDex } from './snapshotDexes.ts'

/** What `apex snapshot` is told. */
export type SnapshotOptions = ConfigOptions & {
  readonly rpc?: readonly string[]
  readonly chain?: readonly string[]
  readonly dex?: readonly string[]
  readonly addDex?: readonly GivenDex[]
  readonly block?: number | 'latest'
  readonly out?: string
  /** True: the file that the configuration names. */
  readonly verify?: string | true
  readonly poolsLimit?: number
  readonly tickWords?: number
  readonly discovery?: Discovery
  readonly fromBlock?: number
  readonly multicall3?: Hex
  readonly wrappedNative?: Hex
  readonly tokenChecks: boolean
  readonly json?: true
}

/** Some factories have made millions of pools, nearly all of them empty. */
export const defaultPoolsLimit = 2000

/** Adds the options of {@link SnapshotOptions}. */
export function withSnapshotOptions(command: Command): Command {
  return withConfigOptions(command)
    .option(
      '--chain <chain>',
      'chain of the configuration; may be given several times (default: all). With --rpc: the name or id its nodes must be of',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      '--rpc <url>',
      'node in place of those configured: an http or https URL, env:NAME or file:PATH; may be given several times',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option('--dex <names>', 'DEXes (default: as configured)', list('--dex'))
    .option(
      '--add-dex <dex>',
      'a DEX that is in no list: NAME,PROTOCOL,ADDRESS[,FEE_PIPS]; may be given several times',
      givenDex,
    )
    .option('--block <number>', 'block all is read at (default: latest)', block)
    .option(
      '--out <file>',
      'market file to write, .jsonl or .jsonl.gz (default: as configured)',
    )
    .option(
      '--verify [file]',
      'hold a market file against the chain (default: the configured one)',
    )
    .option(
      '--pools-limit <count>',
      `pools of each DEX at most, the oldest, or all (default: ${defaultPoolsLimit})`,
      poolsLimit,
    )
    .option(
      '--tick-words <count>',
      "words of a pool's tick bitmap at most, or all (default: 256)",
      tickWords,
    )
    .option(
      '--discovery <way>',
      "where pools are looked for: the factory's list, its logs, or auto",
      oneOf('--discovery', ['auto', 'list', 'logs'] as const),
    )
    .option(
      '--from-block <number>',
      'first block whose logs are read for pools',
      wholeNumber('--from-block', 0),
    )
    .option(
      '--multicall3 <address>',
      'Multicall3, where it is not at its usual address',
      address('--multicall3'),
    )
    .option(
      '--wrapped-native <address>',
      "the chain's wrapped native coin (default: the known one)",
      address('--wrapped-native'),
    )
    .option(
      '--no-token-checks',
      'do not try the tokens out: traps and tokens with fees stay in',
    )
    .option('--json', 'print JSON, a line a chain')
}

function block(text: string): number | 'latest' {
  return text === 'latest' ? text : wholeNumber('--block', 0)(text)
}

function poolsLimit(text: string): number {
  return text === 'all'
    ? Number.POSITIVE_INFINITY
    : wholeNumber('--pools-limit', 1)(text)
}

function tickWords(text: string): number {
  return text === 'all'
    ? Number.POSITIVE_INFINITY
    : wholeNumber('--tick-words', 1)(text)
}
