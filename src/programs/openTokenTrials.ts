import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  OpenTokenTrials,
  TokenTrials,
  TrialSetting,
} from '../adapters/feeds/pyramid/index.ts'
import { zeroAddress } from '../core/address.ts'
import type { Hex } from '../core/hex.ts'
import type { Rpc } from '../core/rpc.ts'
import {
  type BalanceSlot,
  findBalanceSlot,
  setTokenBalance,
} from './dealTokens.ts'
import { rememberState } from './rememberState.ts'
import { runTrials } from './runTrials.ts'
import {
  createTrialChain,
  type TrialChain,
  type TrialChainOptions,
} from './trialChain.ts'
import { openLoopback } from './trialLoopback.ts'

/** More than any trial pays, in base units of any token. */
const plenty = 1n << 110n

/**
 * Makes what tries the tokens of a chain: on copies of it in this process, as
 * many as there are trials at once, by a trader at an address made up for it.
 * Nothing is sent to the chain.
 *
 * @param rpc asked for what the copies need, through its limits and retries.
 * @throws PackageMissingError where @nomicfoundation/edr is not installed.
 * @throws RpcError where the chain does not answer.
 */
export function openTokenTrials(rpc: Rpc): OpenTokenTrials {
  return async (setting) => {
    // First, for it may not be possible: an open port would keep the process.
    // The machine tells nodes apart by host and port: at this port was another one before.
    const cacheFolder = await mkdtemp(join(tmpdir(), 'apex-trials-'))
    const loopback = await openLoopback(rememberState(rpc))
    const close = async (): Promise<void> => {
      await loopback.close()
      await rm(cacheFolder, { recursive: true, force: true })
    }
    try {
      const { url } = loopback
      return { ...(await open(setting, { url, cacheFolder })), close }
    } catch (error) {
      await close()
      throw error
    }
  }
}

async function open(
  { chainId, blockNumber, known }: TrialSetting,
  at: Pick<TrialChainOptions, 'url' | 'cacheFolder'>,
): Promise<Omit<TokenTrials, 'close'>> {
  const options = { chainId, blockNumber, ...at, ...strangers() }
  const first = await createTrialChain(options)
  const slots = await findSlots(first, known)
  const deal = async (on: TrialChain): Promise<TrialChain> => {
    for (const [token, slot] of slots)
      await setTokenBalance(on.chain, token, slot, on.trader, plenty)
    return on
  }
  const free = [await deal(first)]
  return {
    payment: [...slots.keys()],
    async run(trials) {
      const on = free.pop() ?? (await deal(await createTrialChain(options)))
      const verdicts = await runTrials(on, trials)
      free.push(on)
      return verdicts
    },
  }
}

/** Addresses that no token can know beforehand. */
function strangers(): { readonly sender: Hex; readonly trader: Hex } {
  const address = (): Hex => `0x${randomBytes(20).toString('hex')}`
  return { sender: address(), trader: address() }
}

/** Where the known tokens keep balances, of those that keep them plainly. */
async function findSlots(
  { chain, trader }: TrialChain,
  known: readonly Hex[],
): Promise<ReadonlyMap<Hex, BalanceSlot>> {
  const slots = new Map<Hex, BalanceSlot>()
  for (const token of known) {
    if (token === zeroAddress) continue
    const code = await chain.request('eth_getCode', [token, 'latest'])
    if (code === '0x') continue
    const slot = await findBalanceSlot(chain, token, trader)
    if (slot) slots.set(token, slot)
  }
  return slots
}
