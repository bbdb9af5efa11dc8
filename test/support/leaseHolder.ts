import { leaseLedger } from '../../src/adapters/stores/index.ts'

/** A process that holds a ledger until it is ended. */
const [, , database, ledger] = process.argv
const lease = await leaseLedger(database!, ledger!)
process.stdout.write('held\n')
process.stdin.resume().on('end', () => lease.release())
