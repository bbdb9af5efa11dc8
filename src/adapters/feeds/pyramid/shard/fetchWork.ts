import type { ApexError } from '../../../../core/errors.ts'
import type { Dex } from '../../../../market/dex.ts'
import { reasonOf, runApart } from '../dex/runApart.ts'
import type { FetchOptions, FetchProgress } from '../fetchOptions.ts'
import type { LeftOut } from '../found.ts'
import type { CallReader } from '../lane/callReader.ts'
import { entryKey, entryLine, type JournalEntry } from './journal.ts'

/** The work of one fetch: each piece is done once, and what was left out is kept. */
export class FetchWork {
  readonly options: FetchOptions
  readonly #leftOut: LeftOut[] = []
  readonly #failed = new Map<string, ApexError>()
  readonly #entries: ReadonlyMap<string, JournalEntry>
  #lastWrite: Promise<void> = Promise.resolve()

  constructor(
    options: FetchOptions,
    entries: ReadonlyMap<string, JournalEntry>,
  ) {
    this.options = options
    this.#entries = entries
  }

  get leftOut(): readonly LeftOut[] {
    return this.#leftOut
  }

  /** Names of the DEXes that failed by themselves. */
  get failedDexes(): readonly string[] {
    return [...this.#failed.keys()]
  }

  /** What is of one DEX; undefined where it fails by itself: then it is left out. */
  async apart<Result>(
    reader: CallReader,
    { name }: Dex,
    run: () => Promise<Result>,
  ): Promise<Result | undefined> {
    const part = await runApart(reader, run)
    if ('result' in part) return part.result
    this.#failed.set(name, part.fault)
    this.leaveOut({ dex: name, reason: reasonOf(part.fault) })
    return undefined
  }

  /** @throws ApexError the first DEX's, where each of them failed. */
  checkAnyLeft(): void {
    const [first] = this.#failed.values()
    if (first && this.#failed.size === this.options.dexes.length) throw first
  }

  /** What the journal has of a piece of work, or what `run` makes, written to it. */
  async once<Type extends JournalEntry['type']>(
    type: Type,
    dex: string,
    shard: number,
    run: () => Promise<EntryOf<Type>>,
  ): Promise<EntryOf<Type>> {
    const known = this.#entries.get(entryKey(type, dex, shard))
    const entry = (known as EntryOf<Type> | undefined) ?? (await run())
    if (!known) await this.#append(entry)
    this.#leftOut.push(...entry.leftOut)
    return entry
  }

  /** Notes what follows from work that is done: no journal needs it. */
  leaveOut(one: LeftOut): void {
    this.#leftOut.push(one)
  }

  report(progress: FetchProgress): void {
    this.options.onProgress?.(progress)
  }

  /** One line after the other: shards end at the same time. */
  async #append(entry: JournalEntry): Promise<void> {
    const { journal } = this.options
    if (!journal) return
    const line = entryLine(entry)
    this.#lastWrite = this.#lastWrite.then(() => journal.append(line))
    await this.#lastWrite
  }
}

type EntryOf<Type extends JournalEntry['type']> = Extract<
  JournalEntry,
  { readonly type: Type }
>
