import { decodeBytesWords, encodeCallWithBytes, selector, word } from './abi.ts'
import { type Answer, type Comparison, compareAnswers } from './compare.ts'
import { type Evm, twinCount } from './evm.ts'
import { compileContract } from './solc.ts'

/** How many inputs each function is tried with; APEX_FUZZ=10000000 for the long run. */
const { APEX_FUZZ } = process.env
export const fuzzCount: number = Number(APEX_FUZZ ?? 200_000)

/** A millisecond an input, ten times what it takes, and time to compile. */
export const fuzzTimeoutMs: number = 120_000 + fuzzCount

/** The machine keeps a trace of each call it is given: larger batches slow it down. */
const batchSize = 256

/** A function of a contract and ours that must equal it. Every argument and result is one word. */
export type FuzzedFunction = {
  readonly evm: Evm
  /** The {@link deployBatch} contract. */
  readonly batch: bigint
  readonly target: bigint
  readonly signature: string
  readonly resultWords: number
  /** Makes the next input. */
  readonly input: () => readonly bigint[]
  /** Our answers, by the name of who gives them. */
  readonly ours: Readonly<
    Record<string, (input: readonly bigint[]) => readonly bigint[]>
  >
}

/** Deploys the contract that calls a function many times at once. */
export async function deployBatch(evm: Evm): Promise<bigint> {
  return evm.deploy(compileContract('solc', 'Batch.sol', 'Batch'))
}

/** Runs a contract's function over many inputs, once, and compares all of ours with it. */
export async function fuzz(
  fuzzed: FuzzedFunction,
  count: number = fuzzCount,
): Promise<Record<string, Comparison>> {
  return compareInBatches(
    Math.ceil(count / batchSize),
    () => Array.from({ length: batchSize }, fuzzed.input),
    (inputs) => callMany(fuzzed, inputs),
    fuzzed.ours,
  )
}

/** Compares batch by batch; the machines work on the next ones meanwhile. */
export async function compareInBatches<Input>(
  batches: number,
  makeInputs: () => readonly Input[],
  expect: (inputs: readonly Input[]) => Promise<readonly Answer[]>,
  ours: Readonly<Record<string, (input: Input) => readonly bigint[]>>,
): Promise<Record<string, Comparison>> {
  const totals: Record<string, Comparison> = {}
  const running: Batch<Input>[] = []
  for (let started = 0; started < batches || running.length > 0; ) {
    while (started < batches && running.length <= twinCount) {
      const inputs = makeInputs()
      running.push({ inputs, expected: expect(inputs) })
      started += 1
    }
    const { inputs, expected } = running.shift()!
    const answers = await expected
    for (const [name, answer] of Object.entries(ours)) {
      totals[name] = addUp(
        totals[name],
        compareAnswers(inputs, answers, answer),
      )
    }
  }
  return totals
}

/** What {@link fuzz} must give: nothing different, and enough of both kinds of answer to mean it. */
export function verdict(
  comparisons: Readonly<Record<string, Comparison>>,
): readonly string[] {
  return Object.entries(comparisons).flatMap(([name, comparison]) => {
    const { compared, different, examples, reverts } = comparison
    const faults = examples.map((example) => `${name}: ${example}`)
    if (different > 0) {
      faults.unshift(`${name}: ${different} of ${compared} inputs differ`)
    }
    if (reverts === compared) faults.push(`${name}: every input reverts`)
    return faults
  })
}

type Batch<Input> = {
  readonly inputs: readonly Input[]
  readonly expected: Promise<readonly Answer[]>
}

async function callMany(
  { evm, batch, target, signature, resultWords }: FuzzedFunction,
  inputs: readonly (readonly bigint[])[],
): Promise<readonly Answer[]> {
  const data = await evm.call(
    batch,
    encodeCallWithBytes(
      'run(address,bytes4,uint256,uint256,bytes)',
      [
        target,
        BigInt(`0x${selector(signature)}`) << 224n,
        BigInt(32 * inputs[0]!.length),
        BigInt(32 * resultWords),
      ],
      inputs.map((input) => input.map(word).join('')).join(''),
    ),
  )
  return splitAnswers(decodeBytesWords(data), resultWords)
}

/** Cuts `[ok, …words]` records into answers. */
export function splitAnswers(
  words: readonly bigint[],
  resultWords: number,
): readonly Answer[] {
  const answers: Answer[] = []
  for (let at = 0; at < words.length; at += resultWords + 1) {
    answers.push(
      words[at] === 1n ? words.slice(at + 1, at + 1 + resultWords) : 'reverts',
    )
  }
  return answers
}

/** Two comparisons in one. */
export function addUp(
  total: Comparison | undefined,
  batch: Comparison,
): Comparison {
  if (total === undefined) return batch
  return {
    compared: total.compared + batch.compared,
    reverts: total.reverts + batch.reverts,
    different: total.different + batch.different,
    examples: [...total.examples, ...batch.examples].slice(0, 5),
  }
}
