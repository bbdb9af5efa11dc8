/**
 * Times contenders in rounds: in each round every contender works for a while,
 * in an order that moves on by one from round to round, so that a noisy
 * machine is noisy to all of them. Garbage is collected between turns: nobody
 * pays for the heap of the one before.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Bench } from 'tinybench'
import type { Contender } from './question.ts'

const rounds = 12
const roundMs = 80
const warmUpMs = 300

/** Milliseconds per operation. */
export type Timing = {
  readonly medianMs: number
  readonly p99Ms: number
  /** The median of each round the contender took part in. */
  readonly roundMediansMs: readonly number[]
  readonly samples: number
}

/** Times all contenders in turns; the order of the answers is theirs. */
export async function measure(
  contenders: readonly Contender[],
): Promise<Timing[]> {
  const samples = contenders.map((): number[][] => [])
  for (const contender of contenders)
    if (!('maxRuns' in contender && contender.maxRuns))
      await work(contender, warmUpMs)

  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < contenders.length; turn++) {
      const i = (round + turn) % contenders.length
      const contender = contenders[i]!
      if ('maxRuns' in contender && round >= (contender.maxRuns ?? rounds))
        continue
      collectGarbage()
      samples[i]!.push(await work(contender, roundMs))
    }
  return samples.map(summarise)
}

/** The value below which `share` of the sorted samples lie. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)]!
  const above = sorted[Math.ceil(at)]!
  return below + (above - below) * (at - Math.floor(at))
}

export function median(values: readonly number[]): number {
  return quantile([...values].sort(rising), 0.5)
}

/** One turn: milliseconds per operation of each run in it. */
async function work(contender: Contender, budgetMs: number): Promise<number[]> {
  const operations = contender.operations ?? 1
  if ('timeRuns' in contender) {
    const runs = await contender.timeRuns(budgetMs)
    return runs.map((ms) => ms / operations)
  }
  const bench = new Bench({
    time: contender.maxRuns ? 0 : budgetMs,
    iterations: 1,
    warmup: false,
    retainSamples: true,
    throws: true,
    timestampProvider: 'hrtimeNow',
  })
  bench.add(contender.name, () => keep(contender.run()), {
    async: isAsync(contender.run),
  })
  const [task] = await bench.run()
  if (task?.result.state !== 'completed')
    throw new Error(`${contender.name} did not complete`)
  return (task.result.latency.samples ?? []).map((ms) => ms / operations)
}

function summarise(turns: readonly (readonly number[])[]): Timing {
  const sorted = turns.flat().sort(rising)
  return {
    medianMs: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    roundMediansMs: turns.map(median),
    samples: sorted.length,
  }
}

function isAsync(run: () => unknown): boolean {
  return run.constructor.name === 'AsyncFunction'
}

const rising = (a: number, b: number): number => a - b

/** Results of timed work end here, so that no compiler may leave the work out. */
const kept: unknown[] = [undefined]
function keep(result: unknown): unknown {
  kept[0] = result
  return result instanceof Promise ? result : undefined
}

/** Collects all garbage now. */
setFlagsFromString('--expose-gc')
export const collectGarbage: () => void = runInNewContext('gc')
