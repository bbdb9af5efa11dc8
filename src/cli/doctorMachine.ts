import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { openSqliteStore } from '../adapters/stores/index.ts'
import { type Finding, notesAbout } from './doctorFindings.ts'

const notes = notesAbout('machine')

/** A package that only some commands need. */
export type OptionalPart = {
  readonly name: string
  readonly purpose: string
  /** The bot does not run without it. */
  readonly isNeeded: boolean
}

export const optionalParts: readonly OptionalPart[] = [
  { name: 'better-sqlite3', purpose: 'keeps the ledger', isNeeded: true },
  {
    name: '@nomicfoundation/edr',
    purpose: 'runs apex simulate and tries tokens out for apex snapshot',
    isNeeded: false,
  },
]

/** @param least the package's `engines`: `>=22.18`. */
export function checkNode(version: string, least: string): Finding {
  const wanted = least.replace('>=', '')
  return isAtLeast(version, wanted)
    ? notes.ok('Node.js', version)
    : notes.fault('Node.js', `${version} is older than ${wanted}`)
}

/** Whether a part is installed and loads on this machine. */
export async function checkPart(part: OptionalPart): Promise<Finding> {
  const { name, purpose, isNeeded } = part
  try {
    await import(name)
    return notes.ok(name, `loads; ${purpose}`)
  } catch {
    const detail = `does not load: run npm install ${name}; it ${purpose}`
    return isNeeded ? notes.fault(name, detail) : notes.warning(name, detail)
  }
}

/** Whether the ledger opens; one that is not there yet is not made. */
export async function checkDatabase(path: string): Promise<readonly Finding[]> {
  return notes.attempt('database', async () => {
    const file = await stat(path).catch(() => undefined)
    if (file) {
      await (await openSqliteStore(path)).close()
      return [notes.ok('database', `${path} opens`)]
    }
    const folder = dirname(path)
    const isWritable = await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    )
    return [
      isWritable
        ? notes.ok('database', `${path} will be made`)
        : notes.fault(
            'database',
            `${path}: nothing can be written to ${folder}`,
          ),
    ]
  })
}

/** Whether something stops all sending. */
export async function checkKillSwitch(path: string): Promise<Finding> {
  const isThere = await stat(path).catch(() => undefined)
  return isThere
    ? notes.warning('kill switch', `${path} is there: nothing is sent`)
    : notes.ok('kill switch', `${path} is not there`)
}

function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number)
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}
