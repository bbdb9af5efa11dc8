/** What a bench file asks: how one contender's time compares with others'. */
export type Question = {
  /** One line for people: what is measured, on what. */
  readonly title: string
  /** What one timed operation is: `scan`, `quote`. */
  readonly unit: string
  readonly subject: Contender
  readonly peers: readonly Peer[]
  /** Compares what all contenders put out; throws where they differ. Runs before any timing. */
  readonly verify: () => void | Promise<void>
  /** Most milliseconds one operation of the subject may take, where the clock itself is the target. */
  readonly atMostMs?: number
  /** What a reader must know to judge the figures: who does less, who was left out. */
  readonly notes?: readonly string[]
  /** Ends what the contenders hold: child processes, files. */
  readonly close?: () => void
}

/** One that is timed. Its runs take turns with those of the others. */
export type Contender = {
  readonly name: string
  /** Operations in one run: figures are per operation. Default 1. */
  readonly operations?: number
} & (
  | {
      /** Does the work once and returns something that depends on all of it. */
      readonly run: () => unknown
      /** Runs at most so often in all, unwarmed: for what takes seconds. */
      readonly maxRuns?: number
    }
  | {
      /** Works for about so long and returns each run's milliseconds, where timing happens elsewhere. */
      readonly timeRuns: (budgetMs: number) => Promise<readonly number[]>
    }
)

/** A contender the subject is measured against. */
export type Peer = Contender & {
  /** Target: the peer's time is at least so many times the subject's. */
  readonly atLeast?: number
  /** Target: the subject's time is at most so many times the peer's. */
  readonly atMost?: number
}

/** What a bench file tells that is no time: sizes, memory. */
export type Facts = {
  readonly title: string
  readonly facts: readonly Fact[]
  readonly notes?: readonly string[]
}

export type Fact = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly atMost?: number
}

/** The default export of a bench file. */
export type Ask = () => Promise<readonly (Question | Facts)[]>

/** Thrown by a bench file that cannot be asked here; the message says why. */
export class CannotAsk extends Error {}
