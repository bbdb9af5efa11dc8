import { type ConstantProductHop, closedFormInput } from './closedForm.ts'
import { leastInputAlong, type RouteHop, sellAlong } from './route.ts'

/**
 * The amounts of a cycle at its best input: that input and the exact output of
 * every hop. Undefined where no input gains. Of all inputs that give the same
 * last output the least is taken.
 */
export function bestAmounts(
  route: readonly RouteHop[],
): readonly bigint[] | undefined {
  const amounts =
    (isConstantProduct(route) && amountsAtClosedForm(route)) ||
    amountsBySearch(route)
  if (amounts === undefined) return undefined
  const trimmed = trim(route, polish(route, amounts))
  return profitOf(trimmed) > 0n ? trimmed : undefined
}

type Amounts = readonly bigint[]

/** Profit of amounts that exist; inputs that are too large have none. */
type Profit = bigint | undefined

const maxInput = 1n << 255n

/** Units worth less than this part of the profit need no walk. */
const fineUnits = 10n ** 10n

/** How much more than a lucky input the best may be. */
const luckyRange = 2n ** 16n

/** How far from its best number of units a coarse token is tried. */
const neighbours = 32n

function isConstantProduct(
  route: readonly RouteHop[],
): route is readonly ConstantProductHop[] {
  return route.every(({ state }) => state.family === 'constantProduct')
}

/** Undefined where a product overflows on the way: such a cycle is searched. */
function amountsAtClosedForm(
  route: readonly ConstantProductHop[],
): Amounts | undefined {
  const input = closedFormInput(route)
  const amounts = input > 0n ? sellAlong(route, input) : 'tooSmall'
  return typeof amounts === 'string' ? undefined : amounts
}

/** Any curves: powers of two enclose the best input, thirds narrow it. */
function amountsBySearch(route: readonly RouteHop[]): Amounts | undefined {
  const profitAt = (input: bigint): Profit => profitOfInput(route, input)
  const middle = bestPowerOfTwo(profitAt)
  const input = ternarySearch(profitAt, middle / 2n, middle * 2n)
  const amounts = sellAlong(route, input)
  return typeof amounts === 'string' ? undefined : amounts
}

function bestPowerOfTwo(profitAt: (input: bigint) => Profit): bigint {
  let best = 1n
  let bestProfit: Profit
  for (let input = 1n; input < maxInput; input *= 2n) {
    const profit = profitAt(input)
    if (isBetter(profit, bestProfit)) {
      best = input
      bestProfit = profit
    } else if (
      bestProfit !== undefined &&
      bestProfit > 0n &&
      input > best * luckyRange
    ) {
      // Profit is concave: once it falls it falls for good. But below the first
      // gain it may jump, as a stable pool reverts on inputs too small for it,
      // and a few units may gain by luck where a fee is rounded to nothing.
      break
    }
  }
  return best
}

/**
 * The input of the greatest profit in [low, high]. Profit is flat at its top:
 * an input to 1 part in 2^26 has the profit to about 1 part in 2^50. Where
 * the inputs end before the top, profit still rises there: to the last unit.
 */
function ternarySearch(
  profitAt: (input: bigint) => Profit,
  low: bigint,
  high: bigint,
): bigint {
  let isCut = profitAt(high) === undefined
  while (high - low > 3n + (isCut ? 0n : low >> 26n)) {
    const third = (high - low) / 3n
    const [a, b] = [low + third, high - third]
    const profit = profitAt(b)
    if (isBetter(profit, profitAt(a))) {
      low = a
    } else {
      high = b
      isCut = profit === undefined
    }
  }
  let best = low
  for (const input of [low + 1n, (low + high) / 2n, high - 1n, high]) {
    if (isBetter(profitAt(input), profitAt(best))) best = input
  }
  return best
}

/**
 * Among the amounts of a route the smallest number has the coarsest units: one
 * unit more or less of it moves the profit more than all other rounding. Where
 * that matters it is walked, in strides that grow on the way up and halve down to one unit, and then
 * over the neighbours, each time with the least input for it.
 */
function polish(route: readonly RouteHop[], amounts: Amounts): Amounts {
  const coarsest = indexOfSmallest(amounts)
  const units = amounts[coarsest]!
  const unitWorth = units === 0n ? amounts[0]! : amounts[0]! / units
  if (unitWorth * fineUnits < profitOf(amounts)) return amounts

  const before = route.slice(0, coarsest)
  const after = route.slice(coarsest)
  let best = units
  let bestProfit: Profit
  const tryUnits = (candidate: bigint): void => {
    const input =
      candidate > 0n ? leastInputAlong(before, candidate) : undefined
    const sold = input === undefined ? 'tooLarge' : sellAlong(after, candidate)
    if (input === undefined || typeof sold === 'string') return
    const profit = sold.at(-1)! - input
    if (!isBetter(profit, bestProfit)) return
    best = candidate
    bestProfit = profit
  }
  tryUnits(units)
  for (let stride = units / 4n + 1n; stride > 0n; ) {
    const start = best
    tryUnits(start - stride)
    tryUnits(start + stride)
    stride = best === start ? stride / 2n : stride * 2n
  }
  const center = best
  for (let offset = 2n; offset <= neighbours; offset += 1n) {
    tryUnits(center - offset)
    tryUnits(center + offset)
  }
  const input = leastInputAlong(before, best)
  return input === undefined ? amounts : better(route, input, amounts)
}

/** The least input with the same last output. */
function trim(route: readonly RouteHop[], amounts: Amounts): Amounts {
  const output = amounts.at(-1)!
  const input = output > 0n ? leastInputAlong(route, output) : undefined
  return input === undefined ? amounts : better(route, input, amounts)
}

/** The amounts from this input, if they gain more. */
function better(
  route: readonly RouteHop[],
  input: bigint,
  amounts: Amounts,
): Amounts {
  const others = sellAlong(route, input)
  if (typeof others === 'string') return amounts
  return profitOf(others) > profitOf(amounts) ? others : amounts
}

function profitOfInput(route: readonly RouteHop[], input: bigint): Profit {
  if (input <= 0n) return undefined
  const amounts = sellAlong(route, input)
  if (amounts === 'tooLarge') return undefined
  return amounts === 'tooSmall' ? -input : profitOf(amounts)
}

function profitOf(amounts: Amounts): bigint {
  return amounts.at(-1)! - amounts[0]!
}

function indexOfSmallest(amounts: Amounts): number {
  return amounts.reduce(
    (smallest, amount, i) => (amount < amounts[smallest]! ? i : smallest),
    0,
  )
}

function isBetter(profit: Profit, than: Profit): boolean {
  return profit !== undefined && (than === undefined || profit > than)
}
