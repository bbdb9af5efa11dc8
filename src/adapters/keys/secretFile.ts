import { type FileHandle, lstat, open, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { withoutSecrets } from '../withoutSecrets.ts'
import { KeyInvalidError } from './errors.ts'

/** Permission bits of group and others: none may be set. */
const strangersBits = 0o077
const strangersWriteBits = 0o022
/** In a folder with this bit only a file's owner may replace it: /tmp. */
const stickyBit = 0o1000
/** No key or keystore comes near it; a device would never end. */
const mostBytes = 65_536
/** Windows keeps no such bits. */
const hasModes = process.platform !== 'win32'

/**
 * Reads a file that only its owner may read.
 *
 * @param what what the file is, for the error: `keystore`.
 * @throws KeyInvalidError where it cannot be read, or its mode lets group or
 * others at it.
 */
export async function readSecretFile(
  path: string,
  what: string,
): Promise<string> {
  const shown = `${what} ${withoutSecrets(path)}`
  const file = await openOr(path, 'r', shown)
  try {
    // Of the open file, not of the path: nobody can swap it in between.
    const stats = await file.stat()
    if (!stats.isFile() && !stats.isFIFO())
      throw new KeyInvalidError(`${shown} is no file`)
    if (hasModes && stats.mode & strangersBits)
      throw new KeyInvalidError(
        `${shown} is open to others: its mode is ${modeText(stats.mode)}`,
        { hint: 'chmod 600 it' },
      )
    return await readAtMost(file, shown)
  } finally {
    await file.close()
  }
}

/**
 * Whether a new secret file may be written there: checked before a person is
 * asked for a password.
 *
 * @throws KeyInvalidError where the file exists, or its folder does not or may
 * be written by others.
 */
export async function checkNewSecretFile(path: string): Promise<void> {
  const shown = withoutSecrets(path)
  const folder = dirname(path)
  const stats = await stat(folder).catch(() => undefined)
  if (!stats?.isDirectory())
    throw new KeyInvalidError(
      `${shown}: there is no folder ${withoutSecrets(folder)}`,
      { hint: 'make it first, with mode 700' },
    )
  if (hasModes && stats.mode & strangersWriteBits && !(stats.mode & stickyBit))
    throw new KeyInvalidError(
      `${shown}: others may write its folder, whose mode is ${modeText(stats.mode)}`,
      { hint: `chmod 700 ${withoutSecrets(folder)}` },
    )
  if (await exists(path)) throw existsError(shown)
}

/**
 * Writes a new file of mode 0600, to the disk and not only to its cache.
 * Never overwrites.
 *
 * @throws KeyInvalidError where the file exists or cannot be written.
 */
export async function createSecretFile(
  path: string,
  text: string,
): Promise<void> {
  const shown = withoutSecrets(path)
  const file = await openOr(path, 'wx', shown)
  try {
    await file.chmod(0o600)
    await file.writeFile(text)
    await file.sync()
  } catch (error) {
    await unlink(path).catch(() => {})
    throw new KeyInvalidError(`${shown} cannot be written: ${codeOf(error)}`)
  } finally {
    await file.close()
  }
}

async function openOr(
  path: string,
  flags: 'r' | 'wx',
  shown: string,
): Promise<FileHandle> {
  try {
    return await open(path, flags, 0o600)
  } catch (error) {
    // The error below repeats the path as it was given.
    const code = codeOf(error)
    if (code === 'EEXIST') throw existsError(shown)
    if (code === 'ENOENT') throw new KeyInvalidError(`there is no ${shown}`)
    throw new KeyInvalidError(`${shown} cannot be opened: ${code}`)
  }
}

async function readAtMost(file: FileHandle, shown: string): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4096))
    if (bytesRead === 0) return Buffer.concat(pieces).toString('utf8')
    size += bytesRead
    if (size > mostBytes) throw new KeyInvalidError(`${shown} is too long`)
    pieces.push(buffer.subarray(0, bytesRead))
  }
}

/** A link that leads nowhere is a file too. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

function modeText(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, '0')
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason'
}

function existsError(shown: string): KeyInvalidError {
  return new KeyInvalidError(`${shown} exists already`, {
    hint: 'a keystore is never overwritten: choose another path',
  })
}
