import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { botCommand } from './bot.ts'
import { chainsCommand } from './chains.ts'
import { configCommand } from './config.ts'
import { deployCommand } from './deploy.ts'
import { dexesCommand, lendersCommand } from './deployments.ts'
import { doctorCommand } from './doctor.ts'
import { exitCodes, explain } from './errors.ts'
import { initCommand } from './init.ts'
import { type Io, processIo } from './io.ts'
import { keyCommand } from './key.ts'
import { marketCommand } from './market.ts'
import { quoteCommand } from './quote.ts'
import { scanCommand } from './scan.ts'
import { simulateCommand } from './simulate.ts'
import { snapshotCommand } from './snapshot.ts'
import { verifyCommand } from './verify.ts'

/**
 * Runs the command line and returns the exit code: 0 fine, 1 the run failed, 2
 * the user's mistake. Results go to stdout, everything else to stderr.
 *
 * @param argv as in `process.argv`: the program's own two words first.
 */
export async function main(
  argv: readonly string[],
  io: Io = processIo(),
): Promise<number> {
  let exitCode: number = exitCodes.fine
  const program = createProgram(io, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync([...argv])
    return exitCode
  } catch (error) {
    // Help and version are written already: asked for, or for want of a command.
    if (error instanceof CommanderError && error.exitCode === 0)
      return exitCodes.fine
    if (error instanceof CommanderError && error.code === 'commander.help')
      return exitCodes.mistake
    const explained = explain(error)
    io.stderr(explained.text)
    return explained.exitCode
  }
}

function createProgram(io: Io, setExitCode: (code: number) => void): Command {
  const program = new Command('apex')
    .description(
      'Finds atomic arbitrage between decentralised exchanges, exact to the wei.',
    )
    .version(packageJson.version)
    // `apex bot pause --chain base`: what follows a command is its own.
    .enablePositionalOptions()
    .addCommand(scanCommand(io))
    .addCommand(quoteCommand(io))
    .addCommand(verifyCommand(io, setExitCode))
    .addCommand(simulateCommand(io, setExitCode))
    .addCommand(snapshotCommand(io, setExitCode))
    .addCommand(marketCommand(io))
    .addCommand(initCommand(io))
    .addCommand(configCommand(io))
    .addCommand(doctorCommand(io, setExitCode))
    .addCommand(botCommand(io, setExitCode))
    .addCommand(chainsCommand(io))
    .addCommand(dexesCommand(io))
    .addCommand(lendersCommand(io))
    .addCommand(keyCommand(io))
    .addCommand(deployCommand(io))
    .addHelpText(
      'after',
      `
Examples:
  $ apex market generate --pools 1000 --tokens 200 --out market.jsonl.gz
  $ apex scan --market market.jsonl.gz
  $ apex scan --market market.jsonl.gz --base WETH,USDC --min-profit 0.01 --json`,
    )
  for (const command of withChildren(program))
    command
      .exitOverride()
      .showHelpAfterError(false)
      .configureOutput({
        writeOut: io.stdout,
        writeErr: io.stderr,
        // The one line of a mistake is written by main.
        outputError: () => {},
        ...(io.columns !== undefined && { getOutHelpWidth: () => io.columns! }),
      })
  return program
}

function withChildren(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withChildren)]
}
