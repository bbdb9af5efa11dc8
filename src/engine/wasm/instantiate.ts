import { EngineUnavailableError } from '../errors.ts'
import { kernelBase64 } from '../generated/kernel.ts'

/** The kernel's exports: see assembly/index.ts for what each does. */
export type Kernel = {
  readonly memory: WebAssembly.Memory
  reserve(pools: number, tokens: number, ticks: number): number
  resize(pools: number, tokens: number): number
  poolsPointer(): number
  ticksPointer(): number
  exchangePointer(): number
  poolWritten(pool: number, ticksChanged: boolean): number
  quoteExactIn(pool: number, zeroForOne: boolean): number
  quoteExactOut(pool: number, zeroForOne: boolean): number
  lastQuoteEnd(pool: number): number
  quoteBatch(edges: number, amounts: number, count: number): number
  getAmountOut(feePips: number): number
  getAmountIn(feePips: number): number
  getSqrtRatioAtTick(tick: number): number
  getTickAtSqrtRatio(): number
  getAmount0DeltaRoundingUp(): number
  getAmount0DeltaRoundingDown(): number
  getAmount1DeltaRoundingUp(): number
  getAmount1DeltaRoundingDown(): number
  getNextSqrtPriceFromInput(zeroForOne: boolean): number
  getNextSqrtPriceFromOutput(zeroForOne: boolean): number
  computeSwapStepExactIn(feePips: number): number
  computeSwapStepExactOut(feePips: number): number
  mulDiv(): number
  swapStepBatch(steps: number, results: number, count: number): number
  prepareSearch(bases: number, survivorRoom: number): number
  unitWorthPointer(): number
  changedPoolsPointer(): number
  searchMarket(maxHops: number, limit: number, bar: number): number
  searchMarketPlainly(maxHops: number, limit: number, bar: number): number
  searchChanged(
    maxHops: number,
    limit: number,
    bar: number,
    changed: number,
  ): number
  cyclesCovered(maxHops: number): number
  changedCyclesCovered(maxHops: number, changed: number): number
  hitsFound(): number
  survivorsDropped(): number
  bestInputBatch(edges: number, inputs: number, count: number): number
  settle(first: number): number
  resultsPointer(): number
}

let compiled: Promise<WebAssembly.Module> | undefined

/**
 * A fresh instance of the kernel. The binary is compiled once, however many
 * ask at the same time; a failed attempt is forgotten, so that the next may
 * succeed.
 * @throws EngineUnavailableError where WebAssembly with SIMD is missing.
 */
export async function instantiate(): Promise<Kernel> {
  compiled ??= WebAssembly.compile(decodeBase64(kernelBase64))
  try {
    const instance = await WebAssembly.instantiate(await compiled, {})
    return instance.exports as Kernel
  } catch (cause) {
    compiled = undefined
    throw new EngineUnavailableError(
      'this runtime refuses the WebAssembly kernel',
      {
        cause,
        hint: 'it needs WebAssembly SIMD: Node 22.18 or later, or a browser of 2023 or later',
      },
    )
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text)
  const bytes = new Uint8Array(characters.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i)
  return bytes
}
