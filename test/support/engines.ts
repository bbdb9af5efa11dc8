import { createReferenceEngine, type Engine } from '../../src/engine/index.ts'
import { createWasmEngine } from '../../src/engine/wasm/engine.ts'

/** One way to make an engine; the engine suites run over every one. */
export type EngineMaker = {
  readonly name: string
  readonly create: () => Promise<Engine>
}

export const engineMakers: readonly EngineMaker[] = [
  { name: 'reference', create: async () => createReferenceEngine() },
  { name: 'wasm', create: createWasmEngine },
]
