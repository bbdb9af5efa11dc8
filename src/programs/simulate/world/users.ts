import type { EmbeddedChain } from '../../../adapters/evm/embeddedChain.ts'
import { erc20Artifact } from '../../../adapters/protocols/index.ts'
import { zeroAddress } from '../../../core/address.ts'
import type { Hex } from '../../../core/hex.ts'

/** Wei that a user begins with. */
const userBalance = 10n ** 24n
/** Base units of each token that a user begins with: more than any swap sells. */
export const userTokens: bigint = 1n << 112n
const unlimited = (1n << 256n) - 1n
const approvalGas = '0x186a0'
/** A user's tokens and approvals come before the swaps of the same block. */
export const setUpFees: {
  readonly maxFeePerGas: Hex
  readonly maxPriorityFeePerGas: Hex
} = {
  maxFeePerGas: '0x9184e72a000',
  maxPriorityFeePerGas: '0x9184e72a000',
}

/** Accounts that swap, each made ready for a token when it first sells it. */
export class Users {
  readonly #chain: EmbeddedChain
  readonly #mint: (token: Hex, to: Hex, amount: bigint) => Promise<void>
  readonly #ready = new Set<string>()

  constructor(
    chain: EmbeddedChain,
    mint: (token: Hex, to: Hex, amount: bigint) => Promise<void>,
  ) {
    this.#chain = chain
    this.#mint = mint
  }

  /** Sees to it that the user has coins and the token, and that the spender may take it. */
  async prepare(user: Hex, token: Hex, spender: Hex): Promise<void> {
    await this.#once(user, async () => {
      await this.#chain.impersonate(user)
      await this.#chain.setBalance(user, userBalance)
    })
    if (token === zeroAddress) return
    await this.#once(`${user} ${token}`, () =>
      this.#mint(token, user, userTokens),
    )
    await this.#once(`${user} ${token} ${spender}`, () =>
      this.#approve(user, token, spender),
    )
  }

  async #once(key: string, run: () => Promise<void>): Promise<void> {
    if (this.#ready.has(key)) return
    this.#ready.add(key)
    await run()
  }

  async #approve(user: Hex, token: Hex, spender: Hex): Promise<void> {
    const data = erc20Artifact().abi.encodeFunctionData('approve', [
      spender,
      unlimited,
    ])
    await this.#chain.request('eth_sendTransaction', [
      { from: user, to: token, data, gas: approvalGas, ...setUpFees },
    ])
  }
}
