import { expect, it } from 'vitest'
import { openDatabase } from '../../../src/adapters/stores/sqlite/openDatabase.ts'
import { createWriteQueue } from '../../../src/adapters/stores/sqlite/writeQueue.ts'
import { newFolder } from '../../support/newFolder.ts'

const path = newFolder()
let databases = 0

async function start() {
  databases += 1
  const database = await openDatabase(path(`${databases}.db`))
  database.exec('CREATE TABLE words (word TEXT PRIMARY KEY)')
  const add = database.prepare('INSERT INTO words VALUES (?)')
  const words = database.prepare<[], string>('SELECT word FROM words').pluck()
  return { database, add, words, queue: createWriteQueue(database) }
}

it('keeps what comes in one turn in one transaction, in order', async () => {
  const { database, add, words, queue } = await start()
  const states: boolean[] = []
  const writes = ['one', 'two', 'three'].map((word) =>
    queue.write('words', () => {
      states.push(database.inTransaction)
      add.run(word)
      return word
    }),
  )
  expect(words.all()).toEqual([])
  expect(await Promise.all(writes)).toEqual(['one', 'two', 'three'])
  expect(words.all()).toEqual(['one', 'two', 'three'])
  expect(states).toEqual([true, true, true])
})

it('undoes only the writes of the one that fails', async () => {
  const { add, words, queue } = await start()
  const results = await Promise.allSettled([
    queue.write('words', () => add.run('one')),
    queue.writeSynced('words', () => {
      add.run('half')
      throw new Error('no more')
    }),
    queue.write('words', () => add.run('one')),
    queue.write('words', () => add.run('two')),
  ])
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
  ])
  expect(words.all()).toEqual(['one', 'two'])
})

it('syncs the disk once for all, and only where one of them asks for it', async () => {
  const { database, add, queue } = await start()
  const levels: unknown[] = []
  const level = (word: string) => () => {
    levels.push(database.pragma('synchronous', { simple: true }))
    add.run(word)
  }
  const [normal, full] = [1, 2]
  await Promise.all([
    queue.write('words', level('a')),
    queue.writeSynced('words', level('b')),
  ])
  await Promise.all([
    queue.write('words', level('c')),
    queue.write('words', level('d')),
  ])
  expect(levels).toEqual([full, full, normal, normal])
})

it('flushes before its turn where somebody reads', async () => {
  const { add, words, queue } = await start()
  const written = queue.write('words', () => add.run('one'))
  queue.flush()
  expect(words.all()).toEqual(['one'])
  await written
})

it('does not flush for who reads something else', async () => {
  const { add, words, queue } = await start()
  const written = queue.write('words', () => add.run('one'))
  queue.flush(['numbers'])
  expect(words.all()).toEqual([])
  queue.flush(['numbers', 'words'])
  expect(words.all()).toEqual(['one'])
  await written
})

it('fails all where the transaction cannot begin', async () => {
  const { database, add, queue } = await start()
  database.close()
  const results = await Promise.allSettled([
    queue.write('words', () => add.run('one')),
    queue.write('words', () => add.run('two')),
  ])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
