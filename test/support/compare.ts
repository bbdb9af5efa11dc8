import { SwapRevertsError } from '../../src/engine/index.ts'

/** What a function gives, or `'reverts'` where it throws the contract's revert. */
export function outcome<T>(run: () => T): T | 'reverts' {
  try {
    return run()
  } catch (error) {
    if (error instanceof SwapRevertsError) return 'reverts'
    throw error
  }
}

/** The words a call returned, or `'reverts'`. */
export type Answer = readonly bigint[] | 'reverts'

/** How a run over many inputs went. */
export type Comparison = {
  readonly compared: number
  /** How many of the expected answers are reverts. */
  readonly reverts: number
  readonly different: number
  /** The first few differences, readable. */
  readonly examples: readonly string[]
}

/** Compares our answers with the expected ones, input by input. */
export function compareAnswers<Input>(
  inputs: readonly Input[],
  expected: readonly Answer[],
  answer: (input: Input) => readonly bigint[],
): Comparison {
  let different = 0
  const examples: string[] = []
  inputs.forEach((input, i) => {
    const ours = outcome(() => answer(input))
    const theirs = expected[i]!
    if (isSame(ours, theirs)) return
    different += 1
    if (examples.length < 5) {
      examples.push(`${show(input)}: ${show(ours)} instead of ${show(theirs)}`)
    }
  })
  const reverts = expected.filter((answer) => answer === 'reverts').length
  return { compared: inputs.length, reverts, different, examples }
}

function isSame(ours: Answer, theirs: Answer): boolean {
  if (ours === 'reverts' || theirs === 'reverts') return ours === theirs
  return (
    ours.length === theirs.length && ours.every((word, i) => word === theirs[i])
  )
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'bigint' ? `${v}` : v,
  )
}
