/** What is not so within this time, on a busy machine too, never will be. */
const patienceMs = 60_000
const pollMs = 2

/** Waits so long, in milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Waits until something is so. @throws where it takes too long, with what is instead. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  instead: () => string = () => `${isSo}`,
): Promise<void> {
  const end = Date.now() + patienceMs
  while (!(await isSo())) {
    if (Date.now() > end)
      throw new Error(`it does not come to that: ${instead()}`)
    await pause(pollMs)
  }
}
