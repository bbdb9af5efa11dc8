import { AbiCoder, id } from 'ethers'
import type { Hex } from '../../../src/core/hex.ts'
import type { Contract, TestChain } from './chain.ts'
import { explain } from './chain.ts'
import { testArtifact } from './compile.ts'

/** A contract that plays whatever part a test gives it. */
export type Puppet = Contract & {
  /** What it does when the function of this signature is called; `''` is a bare transfer of coins. */
  play(
    signature: string,
    steps: readonly Step[],
    ending?: Ending,
  ): Promise<void>
  /** What became of its steps: `done`, or the revert in words. */
  results(): Promise<readonly string[]>
}

export type Step = {
  readonly to: Hex
  readonly data: Hex
  readonly value?: bigint
}

export type Ending =
  | { readonly kind: 'returns' | 'reverts'; readonly answer?: Hex }
  | { readonly kind: 'burns' | 'returnBomb' | 'revertBomb' | 'bubbles' }

const endings = [
  'returns',
  'reverts',
  'burns',
  'returnBomb',
  'revertBomb',
  'bubbles',
]

export async function createPuppet(chain: TestChain): Promise<Puppet> {
  const contract = await chain.deploy(testArtifact('Puppet'))
  return {
    ...contract,
    async play(signature, steps, ending = { kind: 'returns' }) {
      const selector =
        signature === '' ? '0x00000000' : id(signature).slice(0, 10)
      const answer = 'answer' in ending ? (ending.answer ?? '0x') : '0x'
      await contract.send('play', [
        selector,
        steps.map(({ to, data, value = 0n }) => [to, value, data]),
        endings.indexOf(ending.kind),
        answer,
      ])
    },
    async results() {
      const results = (await contract.read('results')) as readonly {
        readonly success: boolean
        readonly data: Hex
      }[]
      return results.map(({ success, data }) =>
        success ? 'done' : explain(data),
      )
    },
  }
}

/** ABI-encoded values, as a function's answer or a callback's data. */
export function words(
  types: readonly string[],
  values: readonly unknown[],
): Hex {
  return AbiCoder.defaultAbiCoder().encode(types, values) as Hex
}

/** The functions of pools and lenders that the executor calls. */
export const functions = {
  pairSwap: 'swap(uint256,uint256,address,bytes)',
  poolSwap: 'swap(address,bool,int256,uint160,bytes)',
  vaultSwap:
    'swap((bytes32,uint8,address,address,uint256,bytes),(address,bool,address,bool),uint256,uint256)',
  balancerFlashLoan: 'flashLoan(address,address[],uint256[],bytes)',
  morphoFlashLoan: 'flashLoan(address,uint256,bytes)',
  aaveFlashLoan: 'flashLoanSimple(address,address,uint256,bytes,uint16)',
  poolFlash: 'flash(address,uint256,uint256,bytes)',
  unlock: 'unlock(bytes)',
  managerSwap:
    'swap((address,address,uint24,int24,address),(bool,int256,uint160),bytes)',
  take: 'take(address,address,uint256)',
  sync: 'sync(address)',
  settle: 'settle()',
  sendTo: 'sendTo(address,address,uint256)',
  vaultSettle: 'settle(address,uint256)',
} as const
