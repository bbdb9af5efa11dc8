import { StringDecoder } from 'node:string_decoder'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'

/** What keys send to a terminal in raw mode. */
const keys = {
  interrupt: '\u0003',
  endOfFile: '\u0004',
  eraseLine: '\u0015',
  escape: '\u001b',
} as const
const eraseKeys = ['\u007f', '\b']
const returnKeys = ['\r', '\n']

/**
 * Asks a person at the terminal, one question after the other, and shows
 * nothing of the answers. The terminal is as before afterwards, however it
 * ends.
 *
 * @throws UsageError where stdin is no terminal, or at Ctrl-C and Ctrl-D.
 */
export async function askSecrets(
  io: Io,
  questions: readonly string[],
): Promise<readonly string[]> {
  const { stdin } = io
  const { setRawMode } = stdin
  if (!stdin.isTTY || setRawMode === undefined)
    throw new UsageError('stdin is no terminal, nobody can be asked')
  const decoder = new StringDecoder('utf8')
  const answers: string[] = []
  let answer: string[] = []
  let resolve: () => void
  let interrupt: () => void
  const done = new Promise<void>((fulfil, reject) => {
    resolve = fulfil
    interrupt = () => reject(new UsageError('interrupted'))
  })
  const onData = (piece: Buffer | string): void => {
    for (const key of decoder.write(Buffer.from(piece as Buffer))) {
      if (answers.length === questions.length) return
      if (key === keys.interrupt || key === keys.endOfFile) interrupt()
      // An arrow or another key that is no character: the rest is its name.
      if (key === keys.escape) return
      if (returnKeys.includes(key)) {
        answers.push(answer.join(''))
        answer = []
        if (answers.length === questions.length) resolve()
        else io.stderr(`\n${questions[answers.length]}`)
      } else if (key === keys.eraseLine) answer = []
      else if (eraseKeys.includes(key)) answer.pop()
      else if (key >= ' ') answer.push(key)
    }
  }
  const onEnd = (): void => interrupt()
  setRawMode.call(stdin, true)
  try {
    io.stderr(questions[0]!)
    stdin.on('data', onData).on('end', onEnd).on('error', onEnd).resume()
    await done
    return answers
  } finally {
    stdin.off('data', onData).off('end', onEnd).off('error', onEnd).pause()
    setRawMode.call(stdin, false)
    io.stderr('\n')
  }
}
