import type { Hex } from '../../../core/hex.ts'
import type { Log, Rpc } from '../../../core/rpc.ts'
import { mayHave } from './logsBloom.ts'
import {
  type BloomedHeader,
  faultOf,
  isSameLog,
  type LogsReading,
  readLog,
  readWholeLogs,
} from './wholeLogs.ts'

/**
 * Reads the logs of one block that begin with one of these topics, by its hash:
 * one filter for any number of pools, and less to read than the whole block.
 * Two readings must agree; where the header's bloom excludes the topics, nothing
 * is asked for; where both are empty though the bloom names a topic, the whole
 * block's logs decide. That each log is there is not proven, as it is of a whole
 * block: see LogsAudit.
 */
export async function readTopicLogs(
  rpc: Rpc,
  header: BloomedHeader,
  topics: readonly Hex[],
): Promise<LogsReading> {
  const { blockHash, logsBloom } = header
  if (!mayHave(topics, logsBloom)) return { logs: [] }
  const wanted = new Set(topics.map((topic) => topic.toLowerCase()))
  const read = (): Promise<LogsReading> =>
    rpc
      .request('eth_getLogs', [{ blockHash, topics: [topics] }])
      .then((answer) => logsOf(answer, blockHash, wanted), faultOf)
  const [first, second] = await Promise.all([read(), read()])
  if ('fault' in first) return first
  if ('fault' in second) return second
  const areSame =
    first.logs.length === second.logs.length &&
    first.logs.every((log, i) => isSameLog(log, second.logs[i]!))
  if (!areSame)
    return {
      fault: `${first.logs.length} logs of the topics, and ${second.logs.length} others`,
    }
  if (first.logs.length > 0) return first
  const whole = await readWholeLogs(rpc, header)
  return 'fault' in whole
    ? whole
    : { logs: whole.logs.filter(({ topics: [one] }) => isOf(wanted, one)) }
}

/** In the order of the block, each once. */
function logsOf(
  answer: unknown,
  blockHash: Hex,
  wanted: ReadonlySet<string>,
): LogsReading {
  if (!Array.isArray(answer)) return { fault: 'the logs are no list' }
  const logs = new Map<number, Log>()
  for (const entry of answer) {
    const log = readLog(entry, blockHash)
    if (!log || !isOf(wanted, log.topics[0]))
      return { fault: 'a log is malformed, of another block or another topic' }
    const known = logs.get(log.logIndex)
    if (known && !isSameLog(known, log))
      return { fault: `two different logs ${log.logIndex}` }
    logs.set(log.logIndex, log)
  }
  return {
    logs: [...logs.values()].sort((a, b) => a.logIndex - b.logIndex),
  }
}

function isOf(wanted: ReadonlySet<string>, topic: Hex | undefined): boolean {
  return topic !== undefined && wanted.has(topic.toLowerCase())
}
