import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Recorded data of real chains: not part of the project, see CONTRIBUTING. */
const { APEX_DATA } = process.env
const folder = APEX_DATA ?? join(import.meta.dirname, '../../../shared/data')

/** Path of a recorded file, or undefined where the data is absent. */
export function dataFile(name: string): string | undefined {
  const file = join(folder, name)
  return existsSync(file) ? file : undefined
}

/** Why a test without its data is skipped. */
export const dataMissing: string = `recorded data is absent: ${folder} (APEX_DATA names another place)`
