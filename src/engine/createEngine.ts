import type { Engine } from './engine.ts'
import { createReferenceEngine } from './reference/engine.ts'
import { createWasmEngine } from './wasm/engine.ts'

/** Which engine to make. */
export type EngineOptions = {
  /** `wasm` (default) is the fast one; `reference` is its BigInt twin, which needs no WebAssembly. */
  readonly kind?: Engine['kind']
}

/**
 * Makes an engine, empty until a graph is loaded.
 *
 * @throws EngineUnavailableError where WebAssembly with SIMD is missing.
 * @example
 * const engine = await createEngine()
 * engine.load({ tokenCount: 2, pools: [{ tokens: [0, 1], state }] })
 */
export async function createEngine(
  options: EngineOptions = {},
): Promise<Engine> {
  return options.kind === 'reference'
    ? createReferenceEngine()
    : await createWasmEngine()
}
