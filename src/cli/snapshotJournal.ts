import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import type { PyramidJournal } from '../adapters/feeds/pyramid/index.ts'

/** A journal in a file. */
export type FileJournal = PyramidJournal & {
  /** Takes the file away: the fetch is done. */
  remove(): Promise<void>
}

/** Opens the journal of an earlier run, or a new one. A line that was cut short goes. */
export async function openJournal(file: string): Promise<FileJournal> {
  const text = await textOf(file)
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole !== text) await writeFile(file, whole)
  return {
    lines: whole.split('\n').filter((line) => line !== ''),
    append: (line) => appendFile(file, `${line}\n`),
    remove: () => rm(file, { force: true }),
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
