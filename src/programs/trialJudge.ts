import type { Trial } from './trialProbe.ts'

/** Why a token is kept out. */
export const reasons = {
  unbuyable: 'the token cannot be bought',
  unsellable: 'the token cannot be sold',
  buyFee: 'the token takes a fee when it is bought',
  sellFee: 'the token takes a fee when it is sold',
  balances: 'the balances of the token do not add up',
  endless: 'the token takes all gas of a trial',
  otherwise: 'the token trades otherwise in a transaction than in a call',
  changes: 'balances of the token change by themselves',
  soldLater: 'the token cannot be sold a day after it was bought',
  feeLater: 'the token takes a fee when it is sold a day later',
} as const

/** What is wrong with a token that could be bought, and was sold in the same transaction; undefined where nothing is. */
export function faultOf(trial: Trial): string | undefined {
  const { arrived, promised, left, heldBefore } = trial
  if (arrived < promised) return reasons.buyFee
  // Nobody had a token to send to an address that was made up a moment ago.
  if (arrived > promised || left !== promised || heldBefore !== 0n)
    return reasons.balances
  return saleFault(trial, reasons.unsellable, reasons.sellFee)
}

/** The same of a token that was kept for a day; `bought` is what was had then. */
export function laterFaultOf(trial: Trial, bought: bigint): string | undefined {
  if (trial.heldBefore !== bought) return reasons.changes
  return saleFault(trial, reasons.soldLater, reasons.feeLater)
}

function saleFault(
  { stage, sent, gone, reached, paid, heldAfter }: Trial,
  unsellable: string,
  fee: string,
): string | undefined {
  if (stage === 'unsellable') return unsellable
  if (reached < sent) return fee
  if (gone !== sent || reached > sent || heldAfter !== 0n)
    return reasons.balances
  return paid === 0n ? unsellable : undefined
}
