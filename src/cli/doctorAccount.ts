import type { ChainConfig } from '../adapters/config/index.ts'
import { readKeyAddress } from '../adapters/keys/index.ts'
import { ApexError } from '../core/errors.ts'
import type { Hex } from '../core/hex.ts'
import { nativeDecimals } from '../core/nativeCoins.ts'
import type { Rpc } from '../core/rpc.ts'
import { formatAmount } from '../core/units.ts'
import { readPassword } from '../programs/readConfig.ts'
import { type Finding, inWords, type Notes } from './doctorFindings.ts'

/** What was found of a chain's keys, and the address that sends. */
export type CheckedAccount = {
  readonly findings: readonly Finding[]
  readonly address: Hex | undefined
}

/** Opens the keys; a keystore without a password is taken at its word. */
export async function checkKeys(
  section: ChainConfig,
  notes: Notes,
): Promise<CheckedAccount> {
  const { key, password, relayKey, executor } = section
  const findings: Finding[] = []
  const open = async (
    check: string,
    reference: string,
    withPassword: boolean,
  ): Promise<Hex | undefined> => {
    try {
      const secret = withPassword ? await readPassword({ password }) : undefined
      const address = await readKeyAddress(reference, { password: secret })
      const isUnproven =
        reference.startsWith('keystore:') && secret === undefined
      findings.push(
        isUnproven
          ? notes.warning(check, `${address}, if its password opens it`)
          : notes.ok(check, address),
      )
      return address
    } catch (error) {
      if (!(error instanceof ApexError)) throw error
      findings.push(notes.fault(check, inWords(error)))
      return undefined
    }
  }
  const address = key === undefined ? undefined : await open('key', key, true)
  if (relayKey !== undefined) await open('relay key', relayKey, false)
  if (key === undefined && executor === undefined)
    findings.push(notes.ok('key', 'none: the chain is only watched'))
  return { findings, address }
}

/** Whether the account can pay for gas. */
export async function checkBalance(
  rpc: Rpc,
  account: Hex,
  { chain, risk }: ChainConfig,
  notes: Notes,
): Promise<readonly Finding[]> {
  return notes.attempt('balance', async () => {
    const answer = await rpc.request('eth_getBalance', [account, 'latest'])
    const balance = BigInt(answer as string)
    const coins = `${formatAmount(balance, nativeDecimals)} ${chain.nativeCoin}`
    if (balance === 0n)
      return [notes.fault('balance', `${coins}: nothing to pay gas with`)]
    return [
      balance < risk.maxGasCost
        ? notes.warning('balance', `${coins}: less than risk.maxGasCost`)
        : notes.ok('balance', coins),
    ]
  })
}
