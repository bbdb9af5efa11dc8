import type { Hex } from '../../../src/core/hex.ts'
import { createSeededRandom } from '../../../src/core/seededRandom.ts'
import type {
  SettledTrade,
  TradeEnd,
} from '../../../src/services/risk/account.ts'
import type {
  RiskHead,
  RiskRule,
} from '../../../src/services/risk/judgeTrade.ts'
import {
  checkLimits,
  type RiskLimits,
} from '../../../src/services/risk/limits.ts'
import type { RiskTrade } from '../../../src/services/risk/riskTrade.ts'
import { Witness } from './witness.ts'

/** Who judges a stream's trades: the rules alone, or the whole service. */
export type StreamJudge = {
  /** At this head, and unix seconds by the clock. */
  allows(trade: RiskTrade, head: RiskHead, now: number): Promise<boolean>
  settle(settled: SettledTrade): Promise<void>
  /** Its process dies and a new one begins, which knows of these trades that they are open. */
  restart(openPlanIds: readonly Hex[], now: number): Promise<void>
}

/** What a stream of trades did. */
export type StreamResult = {
  readonly breaches: readonly RiskRule[]
  readonly asked: number
  readonly allowed: number
  readonly restarts: number
}

const tokens = ['a', 'b', 'c'].map(addressOf)
const pools = ['1', '2', '3', '4', '5'].map(addressOf)
const stepsPerStream = 14
const noon = 1_700_000_000 - (1_700_000_000 % 86_400) + 43_200

/**
 * One random stream of trades, with random limits, ends that come late and in
 * any order or never, days that pass, and restarts. A {@link Witness} that
 * shares no code with the rules says which limits were breached.
 */
export async function runStream(
  seed: number,
  openJudge: (limits: RiskLimits, seed: number) => Promise<StreamJudge>,
): Promise<StreamResult> {
  const random = createSeededRandom(seed)
  const int = (least: number, most: number): number =>
    least + Math.floor(random.next() * (most - least + 1))
  const pick = <T>(list: readonly T[]): T => list[int(0, list.length - 1)]!
  const limits = drawLimits(int)
  const witness = new Witness(checkLimits(limits))
  const judge = await openJudge(limits, seed)

  let open: { trade: RiskTrade; at: number }[] = []
  let now = noon
  let blockNumber = 100
  let allowed = 0
  let restarts = 0

  const settle = async (): Promise<void> => {
    if (open.length === 0) return
    const [{ trade, at }] = open.splice(int(0, open.length - 1), 1) as [
      { trade: RiskTrade; at: number },
    ]
    const settled = drawEnd(trade, at)
    await judge.settle(settled)
    witness.settled(trade, settled)
  }
  const drawEnd = (trade: RiskTrade, at: number): SettledTrade => {
    const end = pick<TradeEnd>([
      'landed',
      'lost',
      'lost',
      'failed',
      'failed',
      'void',
    ])
    const isMined = end === 'landed' || (end !== 'void' && random.next() < 0.75)
    return {
      planId: trade.planId,
      end,
      loss: isMined ? (trade.worstLoss * BigInt(int(0, 4))) / 4n : 0n,
      blockTimestamp: isMined ? int(at, now) : undefined,
      wasSent: end !== 'void' || random.next() < 0.5,
    }
  }
  /** Some trades end while nobody is there to note it, at their worst. */
  const restart = async (): Promise<void> => {
    const died = open.filter(() => random.next() < 0.2)
    open = open.filter((trade) => !died.includes(trade))
    for (const { trade } of died)
      witness.settled(trade, {
        planId: trade.planId,
        end: 'void',
        loss: trade.worstLoss,
        blockTimestamp: undefined,
        wasSent: true,
      })
    await judge.restart(
      open.map(({ trade }) => trade.planId),
      now,
    )
    restarts++
  }

  for (let step = 0; step < stepsPerStream; step++) {
    now += random.next() < 0.06 ? int(20_000, 90_000) : int(0, 20)
    blockNumber += int(0, 2)
    if (random.next() < 0.15) await restart()
    const head = {
      blockNumber,
      timestamp: now - (random.next() < 0.1 ? int(0, 20) : 0),
    }
    const trade: RiskTrade = {
      planId: `0x${step}`,
      route: pick(pools) as Hex,
      token: pick(tokens),
      tokens: [pick(tokens), pick(tokens)],
      pools: [pick(pools), pick(pools)],
      amountIn: BigInt(int(1, 12)),
      inputWorth: BigInt(int(1, 30)),
      netProfit: BigInt(int(-2, 10)),
      worstLoss: BigInt(int(0, 10)),
      blockNumber: blockNumber - (random.next() < 0.1 ? int(0, 3) : 0),
    }
    witness.at(head.timestamp)
    if (await judge.allows(trade, head, now)) {
      allowed++
      witness.allowed(trade, head, now)
      open.push({ trade, at: witness.time })
    }
    if (random.next() < 0.6) await settle()
  }
  while (open.length > 0) await settle()
  return {
    breaches: witness.breaches(),
    asked: stepsPerStream,
    allowed,
    restarts,
  }
}

function drawLimits(int: (least: number, most: number) => number): RiskLimits {
  return {
    maxInput: Object.fromEntries(
      tokens.slice(0, int(2, 3)).map((token) => [token, BigInt(int(4, 12))]),
    ),
    maxInputWorth: BigInt(int(15, 30)),
    maxGasCost: BigInt(int(6, 10)),
    minNetProfit: BigInt(int(-2, 1)),
    dailyLoss: BigInt(int(3, 25)),
    maxFailuresInRow: int(1, 3),
    failurePauseSeconds: int(10, 60),
    maxLostInRow: int(1, 3),
    degradedInputBps: int(1, 9) * 1000,
    routeCoolDownSeconds: int(0, 40),
    rate: { trades: int(1, 4), seconds: int(10, 60) },
    maxInFlight: int(1, 4),
    maxBlocksBehind: int(0, 2),
    maxHeadAgeSeconds: int(5, 15),
    blockedTokens: int(0, 3) === 0 ? [tokens[0]!] : [],
    blockedPools: int(0, 3) === 0 ? [pools[0]!] : [],
  }
}

function addressOf(digit: string): string {
  return `0x${digit.repeat(40)}`
}
