import { exp } from '../../core/portableMath.ts'
import type { SeededRandom } from '../../core/seededRandom.ts'
import type { MarketBlock } from '../../market/marketBlock.ts'
import type { Participant } from './participant.ts'

/** Shares of the blocks in which a competitor does nothing, and in which it has not seen the last block yet. */
const idle = 0.2
const late = 0.25

/** Median offer in wei per gas above the base fee, and the deviation of its logarithm. */
const medianBidWei = 4e8
const bidDeviation = 0.5

/** What a competitor offers above the base fee, in wei per gas; changes block by block. */
export type Bid = { maxPriorityFeePerGas: bigint }

/** A participant that is not always quick: it misses blocks, or sees them late. */
export class Competitor {
  readonly participant: Participant
  readonly #bid: Bid
  readonly #random: SeededRandom
  #unseen: MarketBlock[] = []

  /** `bid` is the one that the participant's plans are made with. */
  constructor(participant: Participant, bid: Bid, random: SeededRandom) {
    this.participant = participant
    this.#bid = bid
    this.#random = random
  }

  /** A block is there; it may notice now or later. */
  notice(block: MarketBlock): void {
    this.#unseen.push(block)
  }

  /** Acts, or not, upon what it has seen by now. */
  async act(blockTimestamp: number): Promise<void> {
    const draw = this.#random.next()
    const bid = medianBidWei * exp(bidDeviation * this.#random.gauss())
    this.#bid.maxPriorityFeePerGas = BigInt(Math.floor(bid))
    if (draw < idle) return
    this.#see(draw < idle + late ? this.#unseen.length - 1 : undefined)
    await this.participant.act(blockTimestamp)
  }

  #see(count: number | undefined): void {
    const seen = this.#unseen.splice(0, Math.max(0, count ?? Infinity))
    for (const block of seen) this.participant.see(block)
  }
}
