import { join } from 'node:path'

const { APEX_DATA } = process.env

/** Where recorded data lies, if it is here: `APEX_DATA`, or `shared/data` beside the project. */
export const dataFolder: string =
  APEX_DATA ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data')
