import { parentPort } from 'node:worker_threads'
import { ConfigInvalidError } from '../../adapters/config/index.ts'
import { killSwitchFile, openSqliteStore } from '../../adapters/stores/index.ts'
import { parseAddress } from '../../core/address.ts'
import { ApexError } from '../../core/errors.ts'
import { RpcError } from '../../core/rpcError.ts'
import { backoffAfter, firstBackoffMs, pause } from './backoff.ts'
import { inWords } from './inWords.ts'
import { type OpenChainParts, openChain } from './openChain.ts'
import type { BotObserver, ChainBotOptions } from './options.ts'
import { runChainBot } from './runChainBot.ts'
import {
  aliveMs,
  type FromWorker,
  type ToWorker,
  type WorkerEnding,
  type WorkerStart,
} from './workerMessages.ts'

/** The body of a chain's worker: it trades on one chain from its start message on until it is asked to stop. */
if (!parentPort) throw new Error('this module is the body of a worker')
const port = parentPort
const stop = new AbortController()
let takePassword: (answer: ToWorker) => void = () => {}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'start') void work(message)
  else if (message.kind === 'stop') stop.abort()
  else takePassword(message)
})

setInterval(() => tell({ kind: 'alive' }), aliveMs)

const observer: BotObserver = {
  onBlock: (report) => tell({ kind: 'block', report }),
  onOutcome: (_, outcome, pending, miss) =>
    tell({ kind: 'outcome', outcome, pending, miss }),
  onReopened: (_, ended) => tell({ kind: 'reopened', ended }),
  onFault: (_, message) => tell({ kind: 'fault', message }),
  onNotice: (_, message) => tell({ kind: 'notice', message }),
  onRestart: (_, __, waitMs) => tell({ kind: 'restart', waitMs }),
}

/** What is no error of ours goes on to the thread's end: the one who started it begins anew. */
async function work(start: WorkerStart): Promise<void> {
  tell({ kind: 'ended', ...(await trade(start)) })
}

async function trade(start: WorkerStart): Promise<WorkerEnding> {
  const { section, database, killSwitch, isLive } = start
  try {
    const store = await openSqliteStore(database)
    try {
      const options = await openPatiently(start, {
        store,
        killSwitch: killSwitchFile(killSwitch),
        isLive,
        askPassword: () => askPassword(section.name),
      })
      return options
        ? await runChainBot(options, observer, stop.signal)
        : { open: 0, endedBy: undefined }
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!(error instanceof ApexError)) throw error
    return { open: 0, endedBy: inWords(error) }
  }
}

/** Waits for a node that does not answer; undefined where asked to stop meanwhile. */
async function openPatiently(
  { section }: WorkerStart,
  parts: OpenChainParts,
): Promise<ChainBotOptions | undefined> {
  for (let failures = 0; !stop.signal.aborted; failures++) {
    try {
      const options = await openChain(section, parts)
      const { signer, operator } = options.execution ?? {}
      const account = signer?.address ?? operator
      if (account !== undefined)
        tell({ kind: 'opened', operator: parseAddress(account) })
      return options
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      tell({ kind: 'fault', message: inWords(error) })
    }
    const waitMs = backoffAfter(failures, firstBackoffMs)
    tell({ kind: 'restart', waitMs })
    await pause(waitMs, stop.signal)
  }
  return undefined
}

async function askPassword(chain: string): Promise<string> {
  const answered = new Promise<ToWorker>((resolve) => {
    takePassword = resolve
    stop.signal.addEventListener('abort', () =>
      resolve({ kind: 'no-password', why: 'asked to stop before it was told' }),
    )
  })
  tell({ kind: 'password-wanted' })
  const answer = await answered
  if (answer.kind === 'password') return answer.password
  const why = answer.kind === 'no-password' ? answer.why : 'it was not told'
  throw new ConfigInvalidError(`chains.${chain}.password`, why)
}

function tell(message: FromWorker): void {
  port.postMessage(message)
}
