import { expect, it } from 'vitest'
import { openLedger } from '../../../src/programs/simulate/openLedger.ts'
import { newFolder } from '../../support/newFolder.ts'

const place = newFolder()

it('a file is one run’s until its store is closed: another would end what it has open', async () => {
  const file = place('runs.sqlite')
  const first = await openLedger(file)
  await expect(openLedger(file)).rejects.toMatchObject({
    code: 'LEDGER_IN_USE',
  })
  await first.store.close()
  const second = await openLedger(file)
  expect(second).toMatchObject({ name: 'simulate-1', abandoned: 0 })
  await second.store.close()
})
