/**
 * A file that stops all trading as long as it is there: whatever can make a
 * file can stop the bot. Gives what `createRisk` asks: why to stop, or
 * undefined. Where nobody can tell whether the file is there, it stops too.
 *
 * @example
 * createRisk({ limits, store, ledger, clock, killSwitch: killSwitchFile('apex.kill') })
 */
export function killSwitchFile(
  path: string,
): () => Promise<string | undefined> {
  return async () => {
    const { stat } = await import('node:fs/promises')
    try {
      await stat(path)
      return `the file ${path} is there`
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (code === 'ENOENT') return undefined
      return `whether the file ${path} is there cannot be told: ${code}`
    }
  }
}
