import { Command } from 'commander'
import { groupThousands } from '../core/units.ts'
import type { PoolFamily } from '../engine/poolState.ts'
import type { FamilyShares } from '../market/generate/drawVenue.ts'
import {
  generateMarket,
  type MarketShape,
  marketShapes,
} from '../market/generate/generateMarket.ts'
import { writeMarketFile } from '../market/marketFile.ts'
import { searchedFamilyNames } from '../market/pools/index.ts'
import { list, oneOf, share, wholeNumber } from './arguments.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { createProgress } from './progress.ts'

type Options = {
  readonly pools: number
  readonly tokens: number
  readonly seed: number
  readonly mispriced: number
  readonly shape: MarketShape
  readonly families?: FamilyShares
  readonly out: string
  readonly json?: true
}

/** `apex market generate`: a seeded market that is nowhere real. */
export function marketGenerateCommand(io: Io): Command {
  return new Command('generate')
    .description('generate a market; the same seed gives the same market')
    .requiredOption('--out <file>', 'market file to write, .jsonl or .jsonl.gz')
    .option('--pools <n>', 'number of pools', wholeNumber('--pools', 1), 1000)
    .option('--tokens <n>', 'number of tokens', wholeNumber('--tokens', 2), 200)
    .option(
      '--seed <n>',
      'seed of all draws',
      wholeNumber('--seed', 0, 2 ** 32 - 1),
      42,
    )
    .option(
      '--mispriced <share>',
      'share of pools priced 1.2 to 3.2 % off; with 0 no cycle pays',
      share('--mispriced'),
      0.01,
    )
    .option(
      '--shape <name>',
      `who trades with whom: ${marketShapes.join(', ')}`,
      oneOf('--shape', marketShapes),
      'dense',
    )
    .option(
      '--families <list>',
      'curve families with weights (default: constantProduct)',
      parseFamilies,
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ apex market generate --out market.jsonl.gz
  $ apex market generate --pools 10000 --tokens 7000 --shape ethereum --out market.jsonl.gz
  $ apex market generate --families constantProduct=3,concentrated=2,solidlyStable --out market.jsonl`,
    )
    .action((options: Options) => generate(options, io))
}

async function generate(options: Options, io: Io): Promise<void> {
  const { pools, tokens, seed, mispriced, shape, families, out } = options
  const progress = createProgress(io)
  try {
    const market = generateMarket(
      {
        pools,
        tokens,
        seed,
        shape,
        mispricedShare: mispriced,
        ...(families && { families }),
      },
      (made) =>
        progress.show(
          () =>
            `generating: ${groupThousands(made)} of ${groupThousands(pools)} pools`,
        ),
    )
    progress.show(() => `writing ${out}`)
    await writeMarketFile(out, market)
  } finally {
    progress.end()
  }
  io.stdout(
    options.json
      ? toJson({ file: out, pools, tokens, seed, generated: true })
      : `generated market of ${groupThousands(pools)} pools and ${groupThousands(tokens)} tokens, seed ${seed}: ${out}\n`,
  )
}

/** `concentrated=2,constantProduct`: a weight left out is 1. */
function parseFamilies(text: string): FamilyShares {
  const shares: { [family in PoolFamily]?: number } = {}
  for (const part of list('--families')(text)) {
    const [name, weight = '1'] = part.split('=')
    const family = oneOf('--families', searchedFamilyNames)(name!)
    if (!/^\d+(\.\d+)?$/.test(weight))
      throw new UsageError(`the weight of ${family} is no number: ${weight}`)
    shares[family] = Number(weight)
  }
  return shares
}
