import type { EngineScan, EngineScanOptions } from '../engine.ts'
import type { Kernel } from './instantiate.ts'

export class Search {
  constructor(_kernel: Kernel) {}
  reset(_p: number, _t: number): void {}
  forgetPreparation(): void {}
  changed(_p: number): void {}
  all(_o: EngineScanOptions): EngineScan {
    throw new Error('x')
  }
  changedOnly(_o: EngineScanOptions): EngineScan {
    throw new Error('x')
  }
}
