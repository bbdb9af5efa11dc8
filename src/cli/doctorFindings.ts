import { withoutSecrets } from '../adapters/withoutSecrets.ts'
import { ApexError } from '../core/errors.ts'

/** What one look of `apex doctor` found. */
export type Finding = {
  /** What it is about: `machine`, or the name of a chain. */
  readonly about: string
  readonly check: string
  /** A fault keeps APEX from trading there; a warning does not. */
  readonly state: 'ok' | 'warning' | 'fault'
  readonly detail: string
}

/** Makes findings about one thing. */
export type Notes = {
  ok(check: string, detail: string): Finding
  warning(check: string, detail: string): Finding
  fault(check: string, detail: string): Finding
  /**
   * What the work found, or its failure as a fault: in words that hold no
   * secret, as those of all our errors. Other errors are thrown on.
   */
  attempt(
    check: string,
    work: () => Promise<readonly Finding[]>,
  ): Promise<readonly Finding[]>
}

export function notesAbout(about: string): Notes {
  const note =
    (state: Finding['state']) =>
    (check: string, detail: string): Finding => ({
      about,
      check,
      state,
      // Paths and names of the configuration are repeated in it.
      detail: withoutSecrets(detail),
    })
  const fault = note('fault')
  return {
    ok: note('ok'),
    warning: note('warning'),
    fault,
    async attempt(check, work) {
      try {
        return await work()
      } catch (error) {
        if (error instanceof ApexError) return [fault(check, inWords(error))]
        throw error
      }
    },
  }
}

/** An error's message and hint. */
export function inWords({ message, hint }: ApexError): string {
  return hint ? `${message} (${hint})` : message
}
