import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import {
  inspectSqliteStore,
  type StoreVersion,
} from '../adapters/stores/index.ts'
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

/** Whether the ledger can be used; it is neither made nor brought up to date, for a bot may have it open. */
export async function checkDatabase(path: string): Promise<readonly Finding[]> {
  return notes.attempt('database', async () => {
    const isThere = await stat(path).catch(() => undefined)
    const place = isThere ? path : dirname(path)
    const told = isThere ? inWords(await inspectSqliteStore(path)) : willBeMade
    return [
      (await isWritable(place))
        ? notes.ok('database', `${path} ${told}`)
        : notes.fault(
            'database',
            `${path}: nothing can be written to ${place}`,
          ),
    ]
  })
}

const willBeMade = 'will be made'

function inWords({ version, newest }: StoreVersion): string {
  if (version === 0) return `is empty and ${willBeMade}`
  return version < newest
    ? `opens; the bot will bring it from version ${version} up to ${newest}`
    : 'opens'
}

async function isWritable(path: string): Promise<boolean> {
  return await access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
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
