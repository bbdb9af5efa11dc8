import { missInWords } from '../adapters/relays/missInWords.ts'
import { nativeDecimals } from '../core/nativeCoins.ts'
import { formatAmount } from '../core/units.ts'
import type { Chain } from '../market/chain.ts'
import type { Outcome } from '../market/plan.ts'
import {
  type BotObserver,
  type ChainBlockReport,
  type StageTimes,
  stages,
} from '../programs/bot/options.ts'
import type { Io } from './io.ts'

/** What the lines of a run have in common. */
export type BotLinesOptions = {
  readonly chains: readonly {
    readonly name: string
    readonly chain: Pick<Chain, 'nativeCoin'>
  }[]
  readonly isLive: boolean
}

/** On a terminal the heads of the columns come again after so many lines. */
const linesPerHead = 40
/** Terminals that are narrower get the whole time alone. */
const columnsForStages = 132

/** Writes what a bot tells as lines for people: blocks in columns, the rest as sentences. */
export class BotLines {
  readonly #io: Io
  readonly #isLive: boolean
  readonly #coins: ReadonlyMap<string, string>
  readonly #columns: readonly Column[]
  #lines = 0

  constructor({ chains, isLive }: BotLinesOptions, io: Io) {
    this.#io = io
    this.#isLive = isLive
    this.#coins = new Map(
      chains.map(({ name, chain }) => [name, chain.nativeCoin]),
    )
    const longest = Math.max(...chains.map(({ name }) => name.length))
    this.#columns = this.#layOut(longest)
  }

  /** Of a block, the heads of the columns before the first. */
  block(report: ChainBlockReport): string {
    const isTerminal = this.#io.columns !== undefined
    const needsHead = isTerminal
      ? this.#lines % linesPerHead === 0
      : this.#lines === 0
    this.#lines += 1
    const { bold, dim, green } = this.#io.colors
    const line = this.#row((column) => column.cell(report))
    const tried = report.sent + report.wouldSend
    const shown = tried > 0 ? green(line) : report.found > 0 ? line : dim(line)
    const head = needsHead ? `${bold(this.#row(({ head }) => head))}\n` : ''
    return `${head}${shown}\n`
  }

  /** Of a transaction's end: what it earned or cost, and why it earned nothing. */
  readonly outcome: NonNullable<BotObserver['onOutcome']> = (
    chain,
    outcome,
    _pending,
    miss,
  ) => {
    const { kind, txHash } = outcome
    const { green, red } = this.#io.colors
    const why = miss ? `: ${missInWords(miss)}` : ''
    const what =
      kind === 'dropped'
        ? `never mined, ${outcome.reason}`
        : `in block ${outcome.blockNumber}, ${this.#native(chain, outcome.real.netProfit)} net`
    const colored = kind === 'landed' ? green(kind) : red(kind)
    this.#io.stderr(`${chain}: ${colored} ${txHash} ${what}${why}\n`)
  }

  /** Of an end that a reorg has undone. */
  reopened(chain: string, { kind, txHash }: Outcome): void {
    this.#io.stderr(`${chain}: ${kind} no more ${txHash}: a reorg\n`)
  }

  #layOut(nameWidth: number): readonly Column[] {
    const { columns } = this.#io
    const hasStages = columns === undefined || columns >= columnsForStages
    return [
      { head: 'chain', width: -nameWidth, cell: ({ chain }) => chain },
      { head: 'block', width: 10, cell: (report) => `${report.blockNumber}` },
      { head: 'pools', width: 5, cell: (report) => `${report.poolsChanged}` },
      { head: 'found', width: 5, cell: ({ found }) => `${found}` },
      this.#isLive
        ? { head: 'sent', width: 4, cell: ({ sent }) => `${sent}` }
        : { head: 'would', width: 5, cell: (report) => `${report.wouldSend}` },
      {
        head: 'best net',
        width: 15,
        cell: ({ chain, bestNetProfit }) =>
          bestNetProfit === undefined ? '' : this.#native(chain, bestNetProfit),
      },
      { head: 'ms', width: 7, cell: (report) => ms(report, 'total') },
      ...(hasStages ? stages : []).map(
        (stage): Column => ({
          head: stage,
          width: Math.max(6, stage.length),
          cell: (report) => ms(report, stage),
        }),
      ),
      { head: 'skipped', width: 0, cell: ({ skipped }) => inWords(skipped) },
    ]
  }

  #row(cell: (column: Column) => string): string {
    return this.#columns
      .map((column) => {
        const { width } = column
        const text = cell(column)
        return width < 0 ? text.padEnd(-width) : text.padStart(width)
      })
      .join('  ')
      .trimEnd()
  }

  #native(chain: string, wei: bigint): string {
    return `${formatAmount(wei, nativeDecimals)} ${this.#coins.get(chain) ?? ''}`
  }
}

/** A negative width leans to the left. */
type Column = {
  readonly head: string
  readonly width: number
  readonly cell: (report: ChainBlockReport) => string
}

function ms({ latencyMs }: ChainBlockReport, stage: keyof StageTimes): string {
  return latencyMs[stage].toFixed(1)
}

/** `12 shares-pool, 2 unprofitable`. */
function inWords(skipped: ChainBlockReport['skipped']): string {
  return Object.entries(skipped)
    .map(([why, count]) => `${count} ${why}`)
    .join(', ')
}
