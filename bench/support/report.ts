import type { Timing } from './measure.ts'
import type { Contender, Facts, Peer, Question } from './question.ts'

/** One entry of `results/latest.json`. */
export type Result = {
  readonly name: string
  readonly title: string
} & (
  | {
      readonly unit: string
      readonly medianMs: number
      readonly p99Ms: number
      /** By peer: its median time over the subject's. */
      readonly ratios: Readonly<Record<string, number>>
      readonly contenders: readonly ContenderResult[]
    }
  | { readonly facts: Facts['facts'] }
)

/** The subject (first) or a peer of a question. */
export type ContenderResult = {
  readonly name: string
  readonly medianMs: number
  readonly p99Ms: number
  readonly samples: number
  /** A peer's time over the subject's, with the least and greatest of any round. */
  readonly ratio?: number
  readonly ratioSpread?: readonly [number, number]
  /** The target, in the terms it was set. */
  readonly target?: string
  readonly reached?: boolean
}

/** Turns the timings of a question, subject first, into its result. */
export function judge(
  name: string,
  question: Question,
  timings: readonly Timing[],
): Result {
  const [own, ...others] = timings
  const contenders = [
    judgeSubject(question, own!),
    ...question.peers.map((peer, i) => judgePeer(peer, own!, others[i]!)),
  ]
  return {
    name,
    title: question.title,
    unit: question.unit,
    medianMs: own!.medianMs,
    p99Ms: own!.p99Ms,
    ratios: Object.fromEntries(
      contenders.slice(1).map(({ name, ratio }) => [name, ratio!]),
    ),
    contenders,
  }
}

/** A table for people. */
export function formatResult(result: Result, notes: readonly string[]): string {
  const rows =
    'facts' in result
      ? result.facts.map(({ name, value, unit, atMost }) => [
          name,
          `${value.toLocaleString('en')} ${unit}`,
          atMost === undefined ? '' : `at most ${atMost.toLocaleString('en')}`,
          atMost === undefined ? '' : value <= atMost ? 'reached' : 'MISSED',
        ])
      : [
          ['', 'median', 'p99', 'ratio', 'spread', 'target', ''],
          ...result.contenders.map((contender) => [
            contender.name,
            formatTime(contender.medianMs),
            formatTime(contender.p99Ms),
            contender.ratio === undefined ? '' : `${digits(contender.ratio)}x`,
            contender.ratioSpread?.map(digits).join(' … ') ?? '',
            contender.target ?? '',
            contender.reached === undefined
              ? ''
              : contender.reached
                ? 'reached'
                : 'MISSED',
          ]),
        ]
  const unit = 'unit' in result ? ` (per ${result.unit})` : ''
  return [
    `${result.name}: ${result.title}${unit}`,
    ...alignColumns(rows).map((row) => `  ${row}`),
    ...notes.map((note) => `  - ${note}`),
    '',
  ].join('\n')
}

/** Milliseconds in the unit that suits them. */
export function formatTime(ms: number): string {
  if (ms >= 1000) return `${digits(ms / 1000)} s`
  if (ms >= 1) return `${digits(ms)} ms`
  if (ms >= 0.001) return `${digits(ms * 1000)} µs`
  return `${digits(ms * 1e6)} ns`
}

function judgeSubject({ subject, atMostMs }: Question, timing: Timing) {
  return {
    ...describe(subject, timing),
    ...(atMostMs !== undefined && {
      target: `at most ${formatTime(atMostMs)}`,
      reached: timing.medianMs <= atMostMs,
    }),
  }
}

function judgePeer(peer: Peer, own: Timing, timing: Timing): ContenderResult {
  const ratio = timing.medianMs / own.medianMs
  const byRound = timing.roundMediansMs.map(
    (ms, round) => ms / own.roundMediansMs[round]!,
  )
  return {
    ...describe(peer, timing),
    ratio,
    ...(byRound.length > 1 && {
      ratioSpread: [Math.min(...byRound), Math.max(...byRound)] as const,
    }),
    ...(peer.atLeast !== undefined && {
      target: `at least ${peer.atLeast.toLocaleString('en')}x`,
      reached: ratio >= peer.atLeast,
    }),
    ...(peer.atMost !== undefined && {
      target: `own time at most ${peer.atMost} times, is ${digits(1 / ratio)}`,
      reached: 1 / ratio <= peer.atMost,
    }),
  }
}

function describe({ name }: Contender, timing: Timing): ContenderResult {
  const { medianMs, p99Ms, samples } = timing
  return { name, medianMs, p99Ms, samples }
}

function digits(value: number): string {
  return value >= 1000
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)))
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length)
    })
  return rows.map((row) =>
    row
      .map((cell, i) =>
        i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!),
      )
      .join('  ')
      .trimEnd(),
  )
}
