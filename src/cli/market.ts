import { Command } from 'commander'
import type { Io } from './io.ts'
import { marketGenerateCommand } from './marketGenerate.ts'
import { marketInfoCommand } from './marketInfo.ts'

/** `apex market`: look at market files and generate them. */
export function marketCommand(io: Io): Command {
  return new Command('market')
    .description('look at a market file, or generate one')
    .addCommand(marketInfoCommand(io))
    .addCommand(marketGenerateCommand(io))
}
