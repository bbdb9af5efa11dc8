import type { Hex } from '../../core/hex.ts'
import type { Rpc } from '../../core/rpc.ts'
import type { GasPrice } from '../../market/plan.ts'

/**
 * Hands out the nonces of one account, one caller at a time: always the
 * smallest that no transaction of ours holds and the chain has not used. A gap
 * would hold back all that follows, so a nonce that comes free is the next one
 * given.
 */
export class NonceLedger {
  readonly #rpc: Rpc
  readonly #account: Hex
  /** Reserved, or of transactions whose outcome is not known. */
  readonly #held: Set<number>
  /** What expired transactions, which may still wait somewhere, offered. */
  readonly #replaceable = new Map<number, GasPrice>()
  /** All below are used, whatever a node that lags behind says. */
  #least: number
  #last: Promise<unknown> = Promise.resolve()

  /** @param least all nonces below are known to be used. */
  constructor(rpc: Rpc, account: Hex, held: Iterable<number>, least: number) {
    this.#rpc = rpc
    this.#account = account
    this.#held = new Set(held)
    this.#least = least
  }

  /**
   * Takes a nonce. With `replaces`: what an earlier transaction of this nonce
   * offered, which may still wait in somebody's pool.
   *
   * @throws RpcError
   */
  reserve(): Promise<{ nonce: number; replaces: GasPrice | undefined }> {
    const reservation = this.#last.then(async () => {
      const used = await this.#rpc.request('eth_getTransactionCount', [
        this.#account,
        'latest',
      ])
      this.#least = Math.max(this.#least, Number(used))
      let nonce = this.#least
      while (this.#held.has(nonce)) nonce++
      this.#held.add(nonce)
      return { nonce, replaces: this.#replaceable.get(nonce) }
    })
    this.#last = reservation.catch(() => {})
    return reservation
  }

  /** Gives back a nonce whose transaction nobody has. */
  release(nonce: number): void {
    this.#held.delete(nonce)
  }

  /** Gives back a nonce whose transaction was not mined in time, but may still wait somewhere. */
  releaseExpired(nonce: number, offered: GasPrice): void {
    this.#replaceable.set(nonce, offered)
    this.#held.delete(nonce)
  }

  /** Notes that a transaction of this nonce was mined. */
  noteMined(nonce: number): void {
    this.#least = Math.max(this.#least, nonce + 1)
    this.#held.delete(nonce)
    this.#replaceable.delete(nonce)
  }
}
