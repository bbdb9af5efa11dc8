import { routeName } from '../../market/executionStore.ts'
import type { Outcome, ProfitAndCost } from '../../market/plan.ts'
import type { Count, Money, Participant, Share } from './summary.ts'
import { judge, type SettledTrade, type Verdict } from './trades.ts'

const noMoney: Money = {
  grossProfit: 0n,
  premium: 0n,
  gas: 0n,
  l1DataFee: 0n,
  tip: 0n,
  netProfit: 0n,
}

const lossNames: { readonly [verdict in Verdict]: string } = {
  'as-predicted': '',
  'changed-by-rival': '',
  'lost-to-competitor': 'a competitor was first',
  'lost-to-user': "a user's swap came before",
  fault: 'a fault of ours',
  dropped: 'dropped',
}

/** Counts what became of opportunities and transactions. */
export class Tally {
  readonly #skipped = new Counter()
  readonly #reasons = new Counter()
  readonly #byLender = new Shares()
  readonly #byDex = new Shares()
  readonly #byRoute = new Shares()
  readonly faults: string[] = []
  opportunities = 0
  planned = 0
  sent = 0
  landed = 0
  reverted = 0
  dropped = 0
  uncontested = 0
  equal = 0
  contested = 0
  gasUsed = 0n
  predictedNetProfit = 0n
  realNetProfit = 0n
  money: Money = noMoney

  skip(reason: string): void {
    this.#skipped.add(reason)
  }

  settle(trade: SettledTrade): Verdict {
    const verdict = judge(trade)
    const { outcome } = trade
    if (verdict === 'fault') this.faults.push(describeFault(trade))
    if (outcome.kind === 'dropped') {
      this.dropped++
      this.#reasons.add(`dropped: ${outcome.reason}`)
      return verdict
    }
    this.gasUsed += outcome.gasUsed
    this.money = sum(this.money, outcome.real)
    if (outcome.kind === 'reverted') {
      this.reverted++
      this.#reasons.add(`${lossNames[verdict]}: ${outcome.revert.error}`)
    } else this.#land(trade, outcome)
    return verdict
  }

  get skipped(): readonly Count[] {
    return this.#skipped.entries()
  }

  get revertReasons(): readonly Count[] {
    return this.#reasons.entries()
  }

  get byLender(): readonly Share[] {
    return this.#byLender.entries()
  }

  get byDex(): readonly Share[] {
    return this.#byDex.entries()
  }

  get byRoute(): readonly Share[] {
    return this.#byRoute.entries()
  }

  participant(name: string): Participant {
    const { sent, landed, reverted } = this
    return { name, sent, landed, reverted, netProfit: this.money.netProfit }
  }

  #land(
    { plan, rivals }: SettledTrade,
    outcome: Extract<Outcome, { kind: 'landed' }>,
  ): void {
    const { netProfit } = outcome.real
    this.landed++
    this.predictedNetProfit += plan.expected.netProfit
    this.realNetProfit += netProfit
    if (rivals.length > 0) this.contested++
    else {
      this.uncontested++
      if (outcome.profit === plan.predictedProfit) this.equal++
    }
    this.#byLender.add(plan.loan.lender, netProfit)
    const { cycle } = plan.opportunity
    const symbols = [cycle.tokenIn, ...cycle.hops.map((hop) => hop.tokenOut)]
    const path = symbols.map(({ symbol }) => symbol).join(' → ')
    this.#byRoute.add(`${path} (${routeName(plan.opportunity)})`, netProfit)
    const dexes = cycle.hops.map(({ pool }) => pool.dex)
    for (const [i, part] of equalParts(netProfit, dexes.length).entries())
      this.#byDex.add(dexes[i]!, part, dexes.indexOf(dexes[i]!) === i)
  }
}

/** Parts that add up to the whole; the first takes what does not divide. */
export function equalParts(whole: bigint, count: number): bigint[] {
  const part = whole / BigInt(count)
  const first = whole - part * BigInt(count - 1)
  return Array.from({ length: count }, (_, i) => (i === 0 ? first : part))
}

function sum(a: Money, b: ProfitAndCost): Money {
  return {
    grossProfit: a.grossProfit + b.grossProfit,
    premium: a.premium + b.premium,
    gas: a.gas + b.gas,
    l1DataFee: a.l1DataFee + b.l1DataFee,
    tip: a.tip + b.tip,
    netProfit: a.netProfit + b.netProfit,
  }
}

function describeFault({ plan, outcome }: SettledTrade): string {
  const { symbol } = plan.opportunity.cycle.tokenIn
  const route = routeName(plan.opportunity)
  const got =
    outcome.kind === 'landed'
      ? `landed with ${outcome.profit}`
      : outcome.kind === 'reverted'
        ? `reverted: ${outcome.revert.detail}`
        : 'was dropped'
  return `plan ${plan.id} of block ${plan.blockNumber} (${route}) predicted ${plan.predictedProfit} base units of ${symbol} and ${got}, though nobody had touched its pools`
}

class Counter {
  readonly #counts = new Map<string, number>()

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  /** The most frequent first. */
  entries(): Count[] {
    return [...this.#counts]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || byName(a, b))
  }
}

class Shares {
  readonly #shares = new Map<string, { trades: number; netProfit: bigint }>()

  /** `isNewTrade`: whether the trade has not been counted under this name yet. */
  add(name: string, netProfit: bigint, isNewTrade = true): void {
    const share = this.#shares.get(name) ?? { trades: 0, netProfit: 0n }
    if (isNewTrade) share.trades++
    share.netProfit += netProfit
    this.#shares.set(name, share)
  }

  /** The most profitable first. */
  entries(): Share[] {
    return [...this.#shares]
      .map(([name, share]) => ({ name, ...share }))
      .sort((a, b) => compare(b.netProfit, a.netProfit) || byName(a, b))
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function byName(a: { readonly name: string }, b: typeof a): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
