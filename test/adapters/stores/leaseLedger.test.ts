import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  leaseLedger,
  leaseLedgers,
  openSqliteStore,
} from '../../../src/adapters/stores/index.ts'
import { newFolder } from '../../support/newFolder.ts'

const body = join(import.meta.dirname, '../../support/leaseHolder.ts')
const place = newFolder()
const ledger = 'chain-1'
const inUse = { code: 'LEDGER_IN_USE', facts: { ledger } }
let holder: ChildProcess | undefined
afterEach(() => {
  holder?.kill('SIGKILL')
})

/** A process that holds the ledger. */
async function otherProcess(database: string): Promise<ChildProcess> {
  holder = spawn(process.execPath, [body, database, ledger], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [told] = await once(holder.stdout!, 'data')
  expect(String(told)).toBe('held\n')
  return holder
}

async function end(child: ChildProcess, how: () => void): Promise<void> {
  const ended = once(child, 'exit')
  how()
  await ended
}

describe('leaseLedger', () => {
  it('another process does not get what one holds, until that one is killed', async () => {
    const database = place('killed.sqlite')
    const child = await otherProcess(database)
    await expect(leaseLedger(database, ledger)).rejects.toMatchObject(inUse)
    await end(child, () => child.kill('SIGKILL'))
    const lease = await leaseLedger(database, ledger)
    lease.release()
  })

  it('nor until it is released', async () => {
    const database = place('released.sqlite')
    const child = await otherProcess(database)
    await expect(leaseLedger(database, ledger)).rejects.toMatchObject(inUse)
    await end(child, () => child.stdin!.end())
    const lease = await leaseLedger(database, ledger)
    lease.release()
  })

  it('control: other ledgers, other databases and the store itself stay open to all', async () => {
    const database = place('shared.sqlite')
    await otherProcess(database)
    const leases = [
      await leaseLedger(database, `${ledger}-dry-run`),
      await leaseLedger(place('other.sqlite'), ledger),
    ]
    const store = await openSqliteStore(database)
    expect(await store.ledgers()).toEqual([])
    await store.close()
    for (const lease of leases) lease.release()
  })

  it('holds within one process too, and by whatever path', async () => {
    const database = place('one.sqlite')
    await (await openSqliteStore(database)).close()
    symlinkSync(database, place('link.sqlite'))
    const lease = await leaseLedger(database, ledger)
    const other = leaseLedger(place('link.sqlite'), ledger)
    await expect(other).rejects.toMatchObject(inUse)
    lease.release()
    const next = await leaseLedger(place('link.sqlite'), ledger)
    next.release()
  })

  it('error: a folder that is not there', async () => {
    const database = place('none/x.sqlite')
    await expect(leaseLedger(database, ledger)).rejects.toMatchObject({
      code: 'STORE_INVALID',
      message: `${database} cannot be used as a store: its folder does not exist`,
    })
  })
})

it('leaseLedgers: one that is held lets the others go', async () => {
  const database = place('several.sqlite')
  await otherProcess(database)
  const both = leaseLedgers(database, ['chain-10', ledger])
  await expect(both).rejects.toMatchObject(inUse)
  const lease = await leaseLedger(database, 'chain-10')
  lease.release()
})
