import type { ChainConfig } from '../adapters/config/index.ts'
import { sameChain, tradingFaults } from '../programs/bot/checkSection.ts'
import { type Finding, inWords, type Notes } from './doctorFindings.ts'

/** Whether `apex bot --live` would begin with this section; one without an executor is to be watched only. */
export function checkTrading(
  section: ChainConfig,
  notes: Notes,
): readonly Finding[] {
  if (section.executor === undefined) return []
  const faults = tradingFaults(section, true)
  return faults.map((fault) => notes.fault('trading', inWords(fault)))
}

/** Whether another section is of the same chain: a bot takes one of them. */
export function checkTwins(
  section: ChainConfig,
  sections: readonly ChainConfig[],
  notes: Notes,
): readonly Finding[] {
  const twin = sameChain(section, sections)
  if (twin === undefined) return []
  const { name, chain } = section
  return [
    notes.warning(
      'chain',
      `${chain.chainId}, as chains.${twin}: apex bot takes one of them, --chain ${name}`,
    ),
  ]
}
