import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The eight secrets of a user, each as it is written. */
export const planted = {
  privateKey:
    '0x4f9d1c7be2a35860d1f27a9c3e5b8406f7d2c19a8e4b6035dc7f1a2e9b80c563',
  mnemonic:
    'legal winner thank year wave sausage worth useful legal winner thank yellow',
  password: 'c0rrect H0rse+Battery%Staple',
  pathKey: 'pAtHk3yQ7vT2mZ9xLw4RbN8cJd5Fg1Hs',
  queryKey: 'qU3ryk3yX6nB1vC8zM4aS0dF2gH7jK9l',
  basicPassword: 'b4sic-P4ss~W0rd_tUvWxYz246813579',
  relayKey:
    '0xa1e8c35d7f02b496e8d13c5a7f90b2e46d8c1f3a5b7092e4c6d8f1a3b5079e2c',
  botToken: '7103948562:AAF3kQ9xLmZ2vR8tYbN4cJd5Fg1HsW0pXuE',
} as const

export type SecretName = keyof typeof planted

/** As Linux shows them; elsewhere they are not looked at. */
export const canLookAtProcesses: boolean = existsSync('/proc/self/task')

/** So many characters of a secret in a row are a leak; shorter pieces may be anything. */
const leastLeak = 15
const pieceStride = 4
const pieceLength = leastLeak - pieceStride + 1

const pieces = Object.entries(planted).map(
  ([name, secret]) => [name as SecretName, piecesOf(secret)] as const,
)

/** Which secrets are in a text, whole or in part: as they are, or encoded for a URL, in base64 or in hex. */
export function secretsIn(text: string): readonly SecretName[] {
  const lower = text.toLowerCase()
  return pieces
    .filter(([, pieces]) => pieces.some((piece) => lower.includes(piece)))
    .map(([name]) => name)
}

/** Which secrets are in the bytes of a folder's files, by file. */
export function secretsInFiles(
  folder: string,
  /** Paths of those that hold secrets because the user put them there. */
  except: readonly string[] = [],
): readonly string[] {
  return filesIn(folder)
    .filter((file) => !except.includes(file))
    .flatMap((file) =>
      secretsIn(readFileSync(file, 'latin1')).map((name) => `${file}: ${name}`),
    )
}

/**
 * Which secrets others can read about a process: in its arguments and names of
 * threads, and in arguments and environment of the processes it has started.
 * Its own environment is the user's.
 */
export function secretsInProcess(pid: number): readonly string[] {
  if (!canLookAtProcesses) return []
  const found: string[] = []
  const look = (of: number, file: string): void => {
    const text = readFileSync(`/proc/${of}/${file}`, 'latin1')
    for (const name of secretsIn(text)) found.push(`${file} of ${of}: ${name}`)
  }
  const lookAt = (of: number): void => {
    look(of, 'cmdline')
    for (const thread of readdirSync(`/proc/${of}/task`))
      look(of, `task/${thread}/comm`)
    if (of !== pid) look(of, 'environ')
  }
  lookAt(pid)
  for (const child of descendantsOf(pid)) unlessEnded(() => lookAt(child))
  return found
}

/** All files below a folder. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}

function piecesOf(secret: string): readonly string[] {
  const plain = secret.replace(/^0x/, '')
  const forms = [
    plain,
    encodeURIComponent(plain),
    Buffer.from(plain).toString('hex'),
    // Whatever stands before it shifts what it looks like.
    ...['', ' ', '  '].map((before) =>
      Buffer.from(`${before}${plain}`)
        .toString('base64')
        .slice(before === '' ? 0 : 4),
    ),
  ]
  return forms.flatMap((form) => {
    const count = Math.max(0, form.length - pieceLength) / pieceStride
    return Array.from({ length: Math.floor(count) + 1 }, (_, i) =>
      form.slice(i * pieceStride, i * pieceStride + pieceLength).toLowerCase(),
    )
  })
}

function descendantsOf(pid: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    unlessEnded(() => {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      // The name in brackets may hold blanks and brackets.
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      parents.set(Number(name), Number(parent))
    })
  const found: number[] = []
  const open = [pid]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const [child, parent] of parents)
      if (parent === next) {
        found.push(child)
        open.push(child)
      }
  return found
}

/** A process that is listed may be gone when it is looked at. */
function unlessEnded(look: () => void): void {
  try {
    look()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ESRCH') throw error
  }
}
