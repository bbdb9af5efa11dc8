import type { Engine } from './engine.ts'
import { EngineUnavailableError } from './errors.ts'
import { createReferenceEngine } from './reference/engine.ts'

/** Which engine to make. */
export type EngineOptions = {
  readonly kind?: Engine['kind']
}

/**
 * Makes an engine, empty until a graph is loaded.
 *
 * @throws EngineUnavailableError where the kind asked for cannot run here.
 * @example
 * const engine = await createEngine({ kind: 'reference' })
 */
export async function createEngine(
  options: EngineOptions = {},
): Promise<Engine> {
  if (options.kind === 'wasm')
    throw new EngineUnavailableError('this build has no WebAssembly engine', {
      hint: "ask for the engine of kind 'reference'",
    })
  return createReferenceEngine()
}
