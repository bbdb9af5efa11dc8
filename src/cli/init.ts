import { open } from 'node:fs/promises'
import { Command } from 'commander'
import { configTemplate } from '../adapters/config/index.ts'
import { defaultConfigFile } from '../programs/readConfig.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'

type Options = { readonly out: string }

/** `apex init`: a first configuration, explained line by line. */
export function initCommand(io: Io): Command {
  return new Command('init')
    .description('write a first configuration, explained; never overwrites')
    .option('--out <file>', 'where to', defaultConfigFile)
    .action(({ out }: Options) => init(out, io))
}

async function init(out: string, io: Io): Promise<void> {
  await writeNew(out, configTemplate)
  io.stdout(`${out}\n`)
  io.stderr('next: set what it names, such as BASE_RPC, then apex doctor\n')
}

/** Of mode 600: what people add to it may be a secret all the same. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(text)
    await file.close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new UsageError(`${path} exists already`, {
      hint: 'it is never overwritten: --out names another file',
    })
  }
}
