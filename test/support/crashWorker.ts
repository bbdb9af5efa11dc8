import { unlinkSync } from 'node:fs'
import { ClientRequest } from 'node:http'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded before a program by `--import`: its first worker thread that finds a
 * file named after a way to die, in the folder APEX_TEST_CRASHES, dies so.
 */

/** In the words of the thread's last error, as is APEX_TEST_WORDS: nobody must see it. */
export const crashSecret = 'https://node.example/v2/PLANTEDCRASHKEY'

const { APEX_TEST_CRASHES: folder, APEX_TEST_WORDS = '' } = process.env
const words = `GET ${crashSecret} failed ${APEX_TEST_WORDS}`

const ways: Readonly<Record<string, () => void>> = {
  throw: () => {
    throw new Error(words)
  },
  exit: () => process.exit(7),
  hang: () => {
    for (;;);
  },
  memory: () => {
    const held: unknown[] = []
    for (;;) held.push(Array.from({ length: 1000 }, (_, i) => ({ i })))
  },
}

if (!isMainThread && folder !== undefined)
  setInterval(() => {
    for (const [way, die] of Object.entries(ways))
      if (isClaimed(join(folder, way))) die()
  }, 20).unref()

/**
 * With a file of this name the whole process is killed where a transaction is
 * written down and about to go out: nothing of it reaches a node.
 */
export const killBeforeSend = 'killBeforeSend'

const { end } = ClientRequest.prototype
if (folder !== undefined)
  ClientRequest.prototype.end = function (
    this: ClientRequest,
    ...values: unknown[]
  ) {
    if (
      `${values[0]}`.includes('eth_sendRawTransaction') &&
      isClaimed(join(folder, killBeforeSend))
    )
      process.kill(process.pid, 'SIGKILL')
    return Reflect.apply(end, this, values)
  }

/** Whether the file was there and this thread took it away. */
function isClaimed(file: string): boolean {
  try {
    unlinkSync(file)
    return true
  } catch {
    return false
  }
}
