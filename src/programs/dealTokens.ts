import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { EmbeddedChain } from '../adapters/evm/embeddedChain.ts'
import type { Hex } from '../core/hex.ts'
import { readWords } from './callWords.ts'

/** Storage slots in which contracts keep their balances, mostly among the first. */
const triedSlots = 60
/** No token has this balance by chance. */
const mark = 0x5eed_ba1a_2ce5n

/** Where a token keeps the balance of an account. */
export type BalanceSlot = (account: Hex) => Hex

/**
 * Finds where a token keeps its balances: in a mapping at one of its first
 * storage slots, laid out by Solidity or by Vyper. Each is written to and put
 * back until the token's own `balanceOf` answers with what was written;
 * undefined where none does, as with tokens that compute balances.
 */
export async function findBalanceSlot(
  chain: EmbeddedChain,
  token: Hex,
  probe: Hex,
): Promise<BalanceSlot | undefined> {
  for (let slot = 0; slot < triedSlots; slot++)
    for (const place of [solidityPlace, vyperPlace]) {
      const at = place(probe, slot)
      const before = await chain.request('eth_getStorageAt', [
        token,
        at,
        'latest',
      ])
      await store(chain, token, at, mark)
      const [balance] =
        (await readWords(chain, token, 'balanceOf(address)', [probe], 1)) ?? []
      await store(chain, token, at, BigInt(before as Hex))
      if (balance === mark) return (account) => place(account, slot)
    }
  return undefined
}

/** Sets what an account has of a token, in base units. */
export async function setTokenBalance(
  chain: EmbeddedChain,
  token: Hex,
  slot: BalanceSlot,
  account: Hex,
  amount: bigint,
): Promise<void> {
  await store(chain, token, slot(account), amount)
}

async function store(
  chain: EmbeddedChain,
  token: Hex,
  at: Hex,
  value: bigint,
): Promise<void> {
  await chain.request('hardhat_setStorageAt', [token, at, `0x${word(value)}`])
}

/** keccak256(account, slot): `mapping(address => uint256)` of Solidity. */
function solidityPlace(account: Hex, slot: number): Hex {
  return keccak(word(BigInt(account)) + word(BigInt(slot)))
}

/** keccak256(slot, account): `HashMap[address, uint256]` of Vyper. */
function vyperPlace(account: Hex, slot: number): Hex {
  return keccak(word(BigInt(slot)) + word(BigInt(account)))
}

function keccak(digits: string): Hex {
  return `0x${bytesToHex(keccak_256(hexToBytes(digits)))}`
}

function word(value: bigint): string {
  return value.toString(16).padStart(64, '0')
}
