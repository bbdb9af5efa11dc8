import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** An empty folder of mode 700 that goes away after the file's tests; returns paths in it. */
export function newFolder(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'apex-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  return (name) => join(folder, name)
}
