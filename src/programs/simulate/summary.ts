/** Wei of the native coin: `netProfit = grossProfit - premium - gas - l1DataFee - tip`. */
export type Money = {
  readonly grossProfit: bigint
  readonly premium: bigint
  readonly gas: bigint
  readonly l1DataFee: bigint
  readonly tip: bigint
  readonly netProfit: bigint
}

/** How often something happened. */
export type Count = { readonly name: string; readonly count: number }

/** What one lender, DEX or route earned. */
export type Share = {
  readonly name: string
  readonly trades: number
  /** Wei of the native coin, after all costs. */
  readonly netProfit: bigint
}

/** What one participant of the race did. */
export type Participant = {
  readonly name: string
  readonly sent: number
  readonly landed: number
  readonly reverted: number
  /** Wei of the native coin, costs of reverted transactions taken off. */
  readonly netProfit: bigint
}

/** What a simulated run came to. The same options give the same summary: nothing in it is of the clock. */
export type SimulationSummary = {
  readonly chainId: number
  readonly seed: number
  readonly blocks: number
  readonly firstBlock: number
  readonly lastBlock: number
  readonly pools: number
  readonly tokens: number
  readonly userSwaps: { readonly mined: number; readonly reverted: number }
  /** Opportunities weighed: the best of each block. */
  readonly opportunities: number
  readonly skipped: readonly Count[]
  readonly planned: number
  readonly sent: number
  readonly landed: number
  readonly reverted: number
  readonly dropped: number
  /** Why transactions did not land. */
  readonly revertReasons: readonly Count[]
  readonly predictions: {
    /** Landed trades in whose pools nobody traded first in the block. */
    readonly uncontested: number
    /** Those of them whose profit is the predicted one, to the wei. */
    readonly equal: number
    /** Landed trades that somebody changed. */
    readonly contested: number
    /** Net profit of landed trades, predicted and real, in wei; gas is what they differ in. */
    readonly predictedNetProfit: bigint
    readonly realNetProfit: bigint
  }
  /** Uncontested trades that did not land exactly as predicted. Any is an error. */
  readonly faults: readonly string[]
  readonly gasUsed: bigint
  /** Of all transactions, the reverted ones included. */
  readonly money: Money
  readonly byLender: readonly Share[]
  /** A trade's profit in equal parts by hop. */
  readonly byDex: readonly Share[]
  readonly byRoute: readonly Share[]
  readonly participants: readonly Participant[]
  readonly stateChecks: {
    /** How often every pool was read afresh and compared. */
    readonly done: number
    /** Pools whose state kept from logs was another than the contract's. Any is an error. */
    readonly differences: readonly string[]
  }
  /** Whether a signal ended the run before its last block. */
  readonly stopped: boolean
}

/** What of a run is of the clock. */
export type SimulationTimes = {
  readonly setUpMs: number
  readonly loopMs: number
  readonly searches: number
  readonly searchMs: number
  readonly plans: number
  readonly planMs: number
}

/** Whether a run kept what it promises: exact predictions and a state equal to the chain's. */
export function isFaultless(summary: SimulationSummary): boolean {
  return (
    summary.faults.length === 0 && summary.stateChecks.differences.length === 0
  )
}
