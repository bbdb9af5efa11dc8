/**
 * Asks the questions of this folder in one process and prints a table for
 * each: `node bench/run.ts [name …]`, all without a name. Writes
 * `bench/results/latest.json`.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { measure } from './support/measure.ts'
import { installPeerPackages } from './support/peerPackages.ts'
import { type Ask, CannotAsk, type Question } from './support/question.ts'
import { formatResult, judge, type Result } from './support/report.ts'

const suffix = '.bench.ts'
const folder = import.meta.dirname

const all = readdirSync(folder)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .sort()
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(
    `No question ${unknown.join(', ')}. There are: ${all.join(' ')}`,
  )
  process.exit(2)
}

installPeerPackages()
const machine = `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} threads, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`
const command = ['npm run bench', ...(wanted.length ? ['--', ...wanted] : [])]
console.log(`${machine}\nNode ${process.version}, ${command.join(' ')}\n`)

const results: Result[] = []
for (const name of wanted.length > 0 ? wanted : all)
  results.push(...(await answer(name)))

mkdirSync(join(folder, 'results'), { recursive: true })
writeFileSync(
  join(folder, 'results', 'latest.json'),
  `${JSON.stringify({ machine, node: process.version, command: command.join(' '), results }, null, 2)}\n`,
)

async function answer(file: string): Promise<Result[]> {
  const { default: ask }: { default: Ask } = await import(`./${file}${suffix}`)
  const answers: Result[] = []
  try {
    for (const question of await ask()) {
      const result =
        'facts' in question
          ? { name: file, title: question.title, facts: question.facts }
          : await time(file, question)
      answers.push(result)
      console.log(formatResult(result, question.notes ?? []))
    }
  } catch (error) {
    if (!(error instanceof CannotAsk)) throw error
    console.log(`${file}: left out, ${error.message}\n`)
  }
  return answers
}

async function time(name: string, question: Question): Promise<Result> {
  try {
    await question.verify()
    const timings = await measure([question.subject, ...question.peers])
    return judge(name, question, timings)
  } finally {
    question.close?.()
  }
}
