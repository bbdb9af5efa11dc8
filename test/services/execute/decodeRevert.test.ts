import { AbiCoder, Interface } from 'ethers'
import { describe, expect, it } from 'vitest'
import { executorAbi } from '../../../src/contracts/generated/executor.ts'
import type { Hex } from '../../../src/core/hex.ts'
import { decodeRevert } from '../../../src/services/execute/decodeRevert.ts'

const executor = new Interface(executorAbi)
const stranger = '0x00000000000000000000000000000000000000AA'
const names = { hops: ['uniswap-v2 0xaa', 'uniswap-v3 0xbb'], lender: 'morpho' }

function revert(name: string, ...args: readonly unknown[]): Hex {
  return executor.encodeErrorResult(name, args) as Hex
}

function text(message: string): Hex {
  const encoded = AbiCoder.defaultAbiCoder().encode(['string'], [message])
  return `0x08c379a0${encoded.slice(2)}`
}

describe('decodeRevert', () => {
  it.each([
    [
      'ProfitTooLow',
      [-5n, 3n],
      'the profit would be -5, at least 3 was asked for',
    ],
    [
      'HopFailed',
      [1n, text('UniswapV2: K')],
      'hop 2 of 2 (uniswap-v3 0xbb) failed: "UniswapV2: K"',
    ],
    [
      'HopFailed',
      [0n, '0x'],
      'hop 1 of 2 (uniswap-v2 0xaa) failed: without a reason',
    ],
    [
      'HopShort',
      [0n, 4n, 5n],
      'hop 1 of 2 (uniswap-v2 0xaa) paid 4, at least 5 was asked for',
    ],
    ['LoanFailed', [text('BAL#528')], 'the loan of morpho failed: "BAL#528"'],
    ['LoanMissing', [], 'morpho did not lend'],
    ['Expired', [9n], 'the deadline 9 has passed'],
    ['WrongBlock', [7n, 9n], 'the block is not one of 7 to 9'],
    ['WrongChain', [10n], 'the plan is for chain 10'],
    ['NotOperator', [stranger], `${stranger} is no operator of the executor`],
    [
      'TipFailed',
      [stranger, 8n],
      `the tip of 8 to ${stranger} was not accepted`,
    ],
    [
      'UnexpectedCallback',
      [stranger],
      `${stranger} called back without having been asked`,
    ],
    ['PlanMalformed', [], 'the plan is malformed'],
    ['EnforcedPause', [], 'the executor is paused'],
    [
      'ReentrancyGuardReentrantCall',
      [],
      'the executor reverted with ReentrancyGuardReentrantCall',
    ],
  ] as const)('default: %s reads as a sentence', (error, args, detail) => {
    const decoded = decodeRevert(revert(error, ...args), names)
    expect(decoded.error).toBe(error)
    expect(decoded.detail).toBe(detail)
  })

  it('default: arguments by name, the hop as a number', () => {
    expect(decodeRevert(revert('HopShort', 1n, 4n, 5n), names)).toMatchObject({
      hop: 1,
      facts: { hop: 1n, received: 4n, least: 5n },
    })
    expect(decodeRevert(revert('PlanMalformed'), names).hop).toBeUndefined()
  })

  it('covers every error that execute can end in', () => {
    const ownersErrors = /^Ownable|^Ownership|^Withdrawal|^ExpectedPause/
    const errors: string[] = []
    executor.forEachError(({ name }) => {
      if (!ownersErrors.test(name)) errors.push(name)
    })
    expect(errors.length).toBeGreaterThan(13)
    for (const name of errors) {
      const fragment = executor.getError(name)!
      const args = fragment.inputs.map(({ type }) =>
        type === 'address' ? stranger : type === 'bytes' ? '0x' : 1n,
      )
      const decoded = decodeRevert(revert(name, ...args), names)
      expect(decoded.error).toBe(name)
      expect(Object.keys(decoded.facts)).toEqual(
        fragment.inputs.map(({ name }) => name),
      )
    }
  })

  it('behavior: reasons that the executor cut off still read', () => {
    const long = text('x'.repeat(2000)).slice(0, 2 + 2 * 512)
    const { detail } = decodeRevert(revert('HopFailed', 0n, long), names)
    expect(detail).toContain('"xxxx')
    expect(detail.length).toBeLessThan(300)
  })

  it('behavior: a panic, an error of the executor inside, an unknown one', () => {
    const panic = `0x4e487b71${(17).toString(16).padStart(64, '0')}`
    const cases = [
      [panic, 'an amount overflows'],
      [
        new Interface(['error CurrencyNotSettled()']).encodeErrorResult(
          'CurrencyNotSettled',
        ),
        'CurrencyNotSettled()',
      ],
      ['0xdeadbeef', '0xdeadbeef'],
    ] as const
    for (const [reason, words] of cases)
      expect(decodeRevert(revert('LoanFailed', reason), names).detail).toBe(
        `the loan of morpho failed: ${words}`,
      )
  })

  it('behavior: what failed inside the loan is the cause', () => {
    const inner = revert('HopFailed', 1n, text('UniswapV2: K'))
    expect(decodeRevert(revert('LoanFailed', inner), names)).toEqual(
      decodeRevert(inner, names),
    )
  })

  it('error: bytes of no known error are unknown, and kept', () => {
    const decoded = decodeRevert('0xdeadbeef01', names)
    expect(decoded).toMatchObject({
      error: 'unknown',
      facts: { data: '0xdeadbeef01' },
    })
    expect(decodeRevert('0x', names).detail).toBe(
      'the executor reverted: without a reason',
    )
  })

  it('behavior: a stranger’s text cannot steer a terminal', () => {
    const { detail } = decodeRevert(
      revert('HopFailed', 0n, text('\u001b[2J\u202egone\nfree money')),
      names,
    )
    expect(detail).toContain('"[2Jgonefree money"')
  })
})
