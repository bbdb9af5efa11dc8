import { Command } from 'commander'
import { createEngine } from '../engine/createEngine.ts'
import {
  type QuoteDifference,
  type Verification,
  verifyQuotes,
} from '../services/verify/verifyQuotes.ts'
import { exitCodes, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import { readQuotes } from './readFile.ts'

type Options = { readonly json?: true }

/** `apex verify`: recorded answers of contracts recomputed. */
export function verifyCommand(
  io: Io,
  setExitCode: (code: number) => void,
): Command {
  return new Command('verify')
    .description('recompute the answers recorded in a quotes file')
    .argument('<file>', 'quotes file, .jsonl or .jsonl.gz')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A recorded revert is equal where the quote reverts or cannot be filled. Exits 1
where one answer is not equal to the last base unit.

Example:
  $ apex verify uniswap-v3-wbtc-weth.jsonl.gz`,
    )
    .action(async (file: string, options: Options) => {
      const quotes = await readQuotes(file, io)
      // "0 of 0 equal" would look like a check that passed.
      if (quotes.quotes.every(({ answer }) => answer === 'timedOut'))
        throw new UsageError(`${file}: no answers in it, nothing to verify`, {
          facts: { file },
          hint: 'quote rows come after the pool rows',
        })
      const verification = verifyQuotes(await createEngine(), quotes)
      io.stdout(
        options.json
          ? toJson({
              chainId: quotes.chainId,
              blockNumber: quotes.blockNumber,
              ...verification,
              differences: verification.differences.map(differenceJson),
            })
          : verificationText(file, verification),
      )
      if (verification.differences.length > 0) setExitCode(exitCodes.failed)
    })
}

function differenceJson({ recorded, pool, computed }: QuoteDifference): object {
  const { line, kind, tokenIn, tokenOut, amount, answer } = recorded
  return {
    line,
    pool: pool.address,
    kind,
    tokenIn,
    tokenOut,
    amount,
    recorded: answer,
    computed: computed ?? 'reverts',
  }
}

function verificationText(file: string, found: Verification): string {
  const lines = found.differences.map(
    ({ recorded, pool, computed }) =>
      `${file}:${recorded.line}: ${recorded.kind} of ${recorded.amount} at ${pool.address}: recorded ${recorded.answer}, computed ${computed ?? 'reverts'}`,
  )
  const timedOut =
    found.unanswered > 0
      ? ` (${found.unanswered} more recorded no answer: the call timed out)`
      : ''
  lines.push(`${found.equal} of ${found.total} equal${timedOut}`)
  return `${lines.join('\n')}\n`
}
