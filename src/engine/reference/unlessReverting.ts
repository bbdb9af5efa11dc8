import { SwapRevertsError } from '../errors.ts'

/** What `run` returns, or undefined where the contract would revert. */
export function unlessReverting<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (error instanceof SwapRevertsError) return undefined
    throw error
  }
}
