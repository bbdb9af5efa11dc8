import { ApexError } from '../core/errors.ts'

/** No adapter has this name. */
export class AdapterUnknownError extends ApexError {
  override readonly name = 'AdapterUnknownError'
  constructor(kind: string, name: string, known: readonly string[]) {
    super('ADAPTER_UNKNOWN', `no ${kind} is called ${JSON.stringify(name)}`, {
      facts: { [kind]: name },
      hint: `known: ${known.join(', ')}`,
    })
  }
}
