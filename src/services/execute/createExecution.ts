import { dexesOf, dexProtocol } from '../../adapters/dexes/index.ts'
import { lenderProtocol, lendersOf } from '../../adapters/lenders/index.ts'
import { createMemoryStore } from '../../adapters/stores/memoryStore.ts'
import { parseAddress, zeroAddress } from '../../core/address.ts'
import { ChainMismatchError } from '../../core/chainMismatchError.ts'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import { bytesIn, integerIn } from '../../core/rpcAnswers.ts'
import type { Submitter } from '../../market/submitter.ts'
import { ExecutionOptionError } from './errors.ts'
import type { ExecutionOptions } from './executionOptions.ts'
import { ExecutionService } from './executionService.ts'
import { highestGasPrice } from './gasPrice.ts'
import { l1DataFeeOf } from './l1DataFee.ts'
import { NextBlockCaller } from './nextBlockCaller.ts'
import { NonceLedger } from './nonceLedger.ts'
import { createRpcSubmitter } from './rpcSubmitter.ts'
import type { ExecutionSettings } from './settings.ts'
import { stillWaiting } from './stillWaiting.ts'

export type { ExecutionOptions, ExecutionService }

const defaults = {
  windowBlocks: 3,
  deadlineSeconds: 120,
  minNetProfit: 0n,
  hopAmounts: 'exact',
  usesOwnFunds: false,
  blockSeconds: 1,
  confirmations: 0,
  pollMs: 500,
} as const

const mostBps = 10_000

/** Which chain's opportunities are executed. */
export type ExecutionMarket = {
  readonly chainId: number
  readonly wrappedNative: { readonly address: Hex } | undefined
}

/**
 * Puts together what plans, simulates and sends. Transactions that an earlier
 * process left unsettled keep their nonces until `settleUnfinished`.
 *
 * @throws ChainMismatchError where the node is of another chain than the market.
 * @throws ExecutionOptionError where there is no executor, or an option makes no sense.
 * @throws RpcError, StoreInvalidError
 */
export async function createExecution(
  market: ExecutionMarket,
  options: ExecutionOptions,
): Promise<ExecutionService> {
  const { rpc, signer } = options
  const chainId = integerIn('eth_chainId', await rpc.request('eth_chainId'))
  if (chainId !== market.chainId)
    throw new ChainMismatchError(market.chainId, chainId)
  const settings = readSettings(market, options)
  await checkExecutor(rpc, settings.executor)
  const { store, ledger, operator } = settings
  const unfinished = await store.unfinished(ledger, operator)
  const submitter = options.submitter ?? createRpcSubmitter(rpc)
  const nonces = new NonceLedger(rpc, operator, {
    held: unfinished.map(({ nonce }) => nonce),
    least: await store.nonceAfterMined(ledger, operator),
    async offered(nonce) {
      const dropped = await store.dropped(ledger, operator, nonce)
      const waiting = await stillWaiting(rpc, submitter, dropped)
      return highestGasPrice(waiting.map(({ terms }) => terms.gasPrice))
    },
  })
  const sender = signer && { signer, submitter, nonces }
  return new ExecutionService(settings, nonces, sender, {
    confirmations: options.confirmations ?? defaults.confirmations,
    pollMs: options.pollMs ?? defaults.pollMs,
  })
}

function readSettings(
  { chainId, wrappedNative }: ExecutionMarket,
  options: ExecutionOptions,
): ExecutionSettings {
  const settings = { ...defaults, ...options }
  const { windowBlocks, deadlineSeconds, blockSeconds } = settings
  atLeastOne('windowBlocks', windowBlocks)
  atLeastOne('deadlineSeconds', deadlineSeconds)
  atLeastOne('blockSeconds', blockSeconds)
  const tip = { bps: 0, to: zeroAddress, ...options.tip }
  if (!Number.isInteger(tip.bps) || tip.bps < 0 || tip.bps > mostBps)
    throw new ExecutionOptionError(`tip.bps is 0 to ${mostBps}: ${tip.bps}`, {
      facts: { bps: tip.bps },
      hint: '500 is 5 % of the profit',
    })
  const [tipReceiver, ...otherTipReceivers] = tipReceivers(
    tip.to,
    options.submitter,
  )
  const operator = options.signer?.address ?? options.operator
  if (operator === undefined)
    throw new ExecutionOptionError('neither signer nor operator is given', {
      hint: 'a signer sends; an operator address is enough to plan and simulate',
    })
  const dexes = (options.dexes ?? dexesOf(chainId)).map(
    (dex) => [dex.name, { dex, protocol: dexProtocol(dex.protocol) }] as const,
  )
  const lenders = (options.lenders ?? lendersOf(chainId)).map((lender) => ({
    lender,
    protocol: lenderProtocol(lender.kind),
  }))
  return {
    rpc: options.rpc,
    chainId,
    executor: parseAddress(options.executor),
    operator: parseAddress(operator),
    wrappedNative: wrappedNative?.address,
    dexes: new Map(dexes),
    lenders,
    dexesWithoutFlashSwap: new Set(),
    tip: { bps: tip.bps, to: tipReceiver },
    otherTipReceivers,
    gasPrice: options.gasPrice ?? {},
    l1DataFee: options.l1DataFee ?? l1DataFeeOf(chainId),
    windowBlocks,
    deadlineSeconds,
    minNetProfit: settings.minNetProfit,
    hopAmounts: settings.hopAmounts,
    usesOwnFunds: settings.usesOwnFunds,
    blockSeconds,
    latestBlock: options.latestBlock ?? (() => undefined),
    nextBlock: new NextBlockCaller(options.rpc),
    store: options.store ?? createMemoryStore({ keep: 1000 }),
    ledger: options.ledger ?? `chain-${chainId}`,
  }
}

/** Where the options leave it to whoever makes the block, it goes where those want it that get the transaction. */
function tipReceivers(
  to: Hex,
  submitter: Submitter | undefined,
): readonly [Hex, ...Hex[]] {
  const [first, ...others] = submitter?.tipTo ?? []
  return to === zeroAddress && first ? [first, ...others] : [to]
}

async function checkExecutor(rpc: Rpc, executor: Hex): Promise<void> {
  const method = 'eth_getCode'
  const code = await rpc.request(method, [executor, 'latest'])
  if (bytesIn(method, code) === '0x')
    throw new ExecutionOptionError(`there is no contract at ${executor}`, {
      facts: { executor },
      hint: 'deploy the executor with: apex deploy',
    })
}

function atLeastOne(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new ExecutionOptionError(
      `${name} is a whole number from 1: ${value}`,
      {
        facts: { [name]: value },
      },
    )
}
