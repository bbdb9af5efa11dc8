import {
  parseRiskAccount,
  riskAccountText,
} from '../../../src/adapters/stores/sqlite/riskRows.ts'
import type { RiskAccount, StoredBreaker } from '../../../src/market/risk.ts'
import {
  atTime,
  emptyAccount,
  withOnly,
  withSettled,
  withTrade,
} from '../../../src/services/risk/account.ts'
import {
  firstBreaker,
  nextBreaker,
  withBreaker,
} from '../../../src/services/risk/breaker.ts'
import {
  chainTime,
  judgeTrade,
  type RiskRule,
  rules,
} from '../../../src/services/risk/judgeTrade.ts'
import {
  checkLimits,
  type RiskLimits,
} from '../../../src/services/risk/limits.ts'
import type { StreamJudge } from './streams.ts'

/** The rules of risk alone, quick enough for very many streams; a restart writes the account as text and reads it again. */
export function judgeByRules(
  asked: RiskLimits,
  without?: RiskRule,
): StreamJudge {
  const limits = checkLimits(asked)
  const { [without!]: _, ...askedRules } = rules
  let account: RiskAccount = emptyAccount
  let breaker: StoredBreaker = firstBreaker
  const moveBreaker = (): void => {
    for (;;) {
      account = withBreaker(account, breaker)
      const next = nextBreaker(account, limits, breaker)
      if (!next) return
      breaker = { ...next, revision: breaker.revision + 1 }
    }
  }
  return {
    async allows(trade, head, now) {
      account = atTime(account, limits, chainTime(head, now))
      moveBreaker()
      const { kind } = judgeTrade(
        { limits, account, breaker, trade, head, now },
        askedRules,
      )
      if (kind === 'allowed') account = withTrade(account, trade)
      return kind === 'allowed'
    },
    async settle(settled) {
      account = withSettled(account, limits, settled)
      moveBreaker()
    },
    async restart(openPlanIds, now) {
      account = parseRiskAccount(riskAccountText(account))
      account = withOnly(account, new Set(openPlanIds), now)
    },
  }
}
