import { readNonce } from '../../core/accountNonce.ts'
import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import type { GasPrice } from '../../market/plan.ts'

/** What is known of an account's nonces when a ledger is made. */
export type NonceKnowledge = {
  /** Of transactions whose outcome is not known. */
  readonly held: Iterable<number>
  /** All below are used. */
  readonly least: number
  /** The highest price offered by what still waits under this nonce though its blocks have passed. @throws RpcError, StoreInvalidError */
  offered(nonce: number): Promise<GasPrice | undefined>
}

/** More than a reorg takes back. */
const mostRemembered = 4096

/** A nonce to use. */
export type Reservation = {
  readonly nonce: number
  /** What has to be outbid: the price of an earlier transaction of this nonce. */
  readonly replaces: GasPrice | undefined
}

/**
 * Hands out the nonces of one account, one caller at a time: always the
 * smallest that no transaction of ours holds and the chain has not used. A gap
 * would hold back all that follows, so a nonce that comes free is the next one
 * given.
 */
export class NonceLedger {
  readonly #rpc: Rpc
  readonly #account: Hex
  readonly #offered: NonceKnowledge['offered']
  /** Reserved, or of transactions whose outcome is not known. */
  readonly #held: Set<number>
  /** All below are used, whatever a node that lags behind says. */
  #least: number
  /** Of the ledger's own transactions that are mined, as far as this process knows. */
  readonly #mined = new Set<number>()
  #prepared:
    | { readonly blockNumber: number; readonly used: Promise<number> }
    | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(rpc: Rpc, account: Hex, known: NonceKnowledge) {
    this.#rpc = rpc
    this.#account = account
    this.#offered = known.offered
    this.#held = new Set(known.held)
    this.#least = known.least
  }

  /** Begins to ask which nonces are used up to this block, so that `reserve` need not wait for it. */
  prepare(blockNumber: number): void {
    const used = this.#readUsed()
    // Asked again where it is needed.
    used.catch(() => {
      this.#prepared = undefined
    })
    this.#prepared = { blockNumber, used }
  }

  /**
   * Takes a nonce.
   *
   * @param blockNumber the latest block, where it was prepared for.
   * @throws RpcError, StoreInvalidError
   */
  reserve(blockNumber?: number): Promise<Reservation> {
    const reservation = this.#last.then(async () => {
      const prepared = this.#prepared
      const used =
        prepared && prepared.blockNumber === blockNumber
          ? await prepared.used
          : await this.#readUsed()
      // Not kept: a reorg may make a node take it back.
      let nonce = Math.max(this.#least, used)
      while (this.#held.has(nonce) || this.#mined.has(nonce)) nonce++
      const replaces = await this.#offered(nonce)
      this.#held.add(nonce)
      return { nonce, replaces }
    })
    this.#last = reservation.catch(() => {})
    return reservation
  }

  #readUsed(): Promise<number> {
    return readNonce(this.#rpc, this.#account, 'latest')
  }

  /** Gives back a nonce whose transaction was refused, or not mined in time. */
  release(nonce: number): void {
    this.#held.delete(nonce)
  }

  /** Notes that a reorg has taken a mined transaction of this nonce back: it is open again, and holds its nonce. */
  reopen(nonce: number): void {
    this.#mined.delete(nonce)
    this.#held.add(nonce)
    this.#least = Math.min(this.#least, nonce)
    this.#prepared = undefined
  }

  /** Notes that the ledger's transaction of this nonce was mined. */
  noteMined(nonce: number): void {
    this.noteUsed(nonce)
    this.#mined.add(nonce)
    if (this.#mined.size > mostRemembered)
      this.#mined.delete(this.#mined.values().next().value!)
  }

  /** Notes that another transaction took this nonce. */
  noteUsed(nonce: number): void {
    this.#least = Math.max(this.#least, nonce + 1)
    this.#held.delete(nonce)
  }

  /** Whether the ledger has a transaction of this nonce that is mined, as far as this process knows. */
  isMined(nonce: number): boolean {
    return this.#mined.has(nonce)
  }
}
