import type { TokenTrial, TokenTrials } from '../tokenTrials.ts'
import type { FetchWork } from './fetchWork.ts'
import type { JournalEntry } from './journal.ts'

/** Verdicts on a shard's tokens, found once and kept in the journal. */
export async function tryTokenShard(
  work: FetchWork,
  place: number,
  trials: readonly TokenTrial[],
  open: () => Promise<TokenTrials>,
): Promise<JournalEntry & { readonly type: 'trials' }> {
  return await work.once('trials', '', place, async () => {
    work.options.signal?.throwIfAborted()
    const verdicts = await (await open()).run(trials)
    return {
      type: 'trials',
      shard: place,
      verdicts,
      leftOut: verdicts.flatMap((verdict, i) =>
        verdict.kind === 'refused'
          ? [{ token: trials[i]!.token, reason: verdict.reason }]
          : [],
      ),
    }
  })
}
