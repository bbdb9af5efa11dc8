import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Artifact,
  makeArtifact,
} from '../../../src/adapters/protocols/artifact.ts'
import { compileContracts } from '../../../src/adapters/protocols/compile.ts'
import { executorAbi, executorBytecode } from '../../../src/contracts/index.ts'

const contracts = join(import.meta.dirname, '../../../contracts')

/** The executor as it is shipped; when coverage is measured, the same with counters in it. */
export function executorArtifact(): Artifact {
  const { APEX_COVERAGE } = process.env
  if (APEX_COVERAGE === undefined)
    return makeArtifact('Executor', executorAbi, executorBytecode)
  const { abi, bytecode } = JSON.parse(
    readFileSync(join(APEX_COVERAGE, 'executor.json'), 'utf8'),
  )
  return makeArtifact('Executor', abi, bytecode)
}

/** A protection taken out: text of a contract and what stands there instead. */
export type Weakness = readonly {
  readonly file: string
  readonly from: string
  readonly to: string
}[]

const unwatched: Weakness = [
  { file: 'Trader.sol', from: 'if (kept != 0 && ', to: 'if (false && ' },
]

/**
 * The shipped executor with single protections taken out of its source: the
 * negative controls. That an attack succeeds against one of them and fails
 * against the real one shows that exactly this line stands in its way.
 */
export type WeaknessName =
  | 'openCallbacks'
  | 'anyPlanFromLender'
  | 'anyLoanCallback'
  | 'noPaymentLimit'
  | 'repeatedCallbacks'
  | 'noOwedLimit'
  | 'anyTokenIsNative'
  | 'allowancesStay'
  | 'noProfitCheck'
  | 'trustedAmounts'
  | 'noRoles'
  | 'balancesUnwatched'
  | 'reentrant'
  | 'unlimitedTipGas'
  | 'anyTime'
  | 'believesSigner'
  | 'copiesBombs'
  | 'fragileWithdrawal'

export const weaknesses: Readonly<Record<WeaknessName, Weakness>> = {
  /** A1, A3, A4: callbacks prove neither caller nor data. */
  openCallbacks: [
    {
      file: 'CallbackProof.sol',
      from: 'if (_expected != _proof(msg.sender, purpose)) revert IExecutor.UnexpectedCallback(msg.sender);',
      to: 'purpose;',
    },
    {
      file: 'CallbackProof.sol',
      from: 'if (_detail != uint256(keccak256(plan))) revert IExecutor.UnexpectedCallback(msg.sender);',
      to: '',
    },
  ],
  /** A3: the caller is proven, what it brings is not. */
  anyPlanFromLender: [
    {
      file: 'CallbackProof.sol',
      from: 'if (_detail != uint256(keccak256(plan))) revert IExecutor.UnexpectedCallback(msg.sender);',
      to: '',
    },
  ],
  /** A4: a lender may call the function of another kind of lender. */
  anyLoanCallback: [
    {
      file: 'CallbackProof.sol',
      from: 'if (plan.lenderKind() != lenderKind) revert IExecutor.UnexpectedCallback(msg.sender);',
      to: 'lenderKind;',
    },
  ],
  /** A7: a pool gets what it asks for, and nobody looks at what is left. */
  noPaymentLimit: [
    ...unwatched,
    {
      file: 'CallbackProof.sol',
      from: 'if (amount > _limit) revert IExecutor.UnexpectedCallback(msg.sender);',
      to: '',
    },
  ],
  /** A7: a callback may come again, and nobody looks at what is left. */
  repeatedCallbacks: [
    ...unwatched,
    {
      file: 'CallbackProof.sol',
      from: 'revert IExecutor.UnexpectedCallback(msg.sender);\n        _expected = 0;',
      to: 'revert IExecutor.UnexpectedCallback(msg.sender);',
    },
  ],
  /** A7: a PoolManager is owed what it says, and nobody looks at what is left. */
  noOwedLimit: [
    ...unwatched,
    {
      file: 'swaps/V4Swaps.sol',
      from: 'if (owed > swap.amountIn) revert IExecutor.UnexpectedCallback(manager);',
      to: '',
    },
  ],
  /** A7: any token passes for the wrapped coin. */
  anyTokenIsNative: [
    {
      file: 'swaps/V4Swaps.sol',
      from: 'if (currency0 != WRAPPED_NATIVE) revert IExecutor.PlanMalformed();',
      to: '',
    },
  ],
  /** A8: what a vault was allowed stays allowed. */
  allowancesStay: [
    {
      file: 'swaps/BalancerV2Swaps.sol',
      from: 'if (success) Allowances.revoke(tokenIn, vault);',
      to: '',
    },
  ],
  /** A9, A12, A13, A16, A20: no profit is asked for. */
  noProfitCheck: [
    {
      file: 'Executor.sol',
      from: 'if (current < before + minProfit) revert ProfitTooLow(int256(current) - int256(before), minProfit);\n        profit = current - before;',
      to: 'profit = current > before ? current - before : 0;',
    },
  ],
  /** A10: a hop sells what the plan expected, not what came, and nobody looks at what is left. */
  trustedAmounts: [
    ...unwatched,
    {
      file: 'Trader.sol',
      from: 'amount = IERC20(tokenOut).balanceOf(address(this)) - before;\n                uint256 least = plan.amountOut(hop);',
      to: 'uint256 least = plan.amountOut(hop);\n                amount = least;',
    },
  ],
  /** A10: a token may take more of us than it was told. */
  balancesUnwatched: unwatched,
  /** A6: every door stands open. */
  noRoles: [
    {
      file: 'Executor.sol',
      from: 'uint256 amount) external onlyOwner nonReentrant {\n        // Not',
      to: 'uint256 amount) external nonReentrant {\n        // Not',
    },
    {
      file: 'Executor.sol',
      from: 'if (!_operators[msg.sender]) revert NotOperator(msg.sender);',
      to: '',
    },
  ],
  /** A11: `execute` may be entered again. */
  reentrant: [
    {
      file: 'Executor.sol',
      from: 'execute(bytes calldata plan) external nonReentrant returns',
      to: 'execute(bytes calldata plan) external returns',
    },
  ],
  /** A14: who is tipped may burn all gas. */
  unlimitedTipGas: [
    {
      file: 'Executor.sol',
      from: 'TIP_GAS = 30_000',
      to: 'TIP_GAS = type(uint64).max',
    },
  ],
  /** A13, A15: a plan runs on any chain, in any block, at any time. */
  anyTime: [
    {
      file: 'Executor.sol',
      from: '        _requireItsTime(plan);\n',
      to: '        if (block.number == 0) _requireItsTime(plan);\n',
    },
  ],
  /** A17: who signed is believed, not who calls. */
  believesSigner: [
    {
      file: 'Executor.sol',
      from: 'if (!_operators[msg.sender]) revert',
      to: 'if (!_operators[tx.origin]) revert',
    },
  ],
  /** A18: all of a revert's data is copied. */
  copiesBombs: [
    {
      file: 'libraries/CappedCall.sol',
      from: 'MAX_REASON = 512',
      to: 'MAX_REASON = 0xffffffff',
    },
  ],
  /** A19: the way out is closed by the emergency stop, and by a token that answers `false`. */
  fragileWithdrawal: [
    {
      file: 'Executor.sol',
      from: 'uint256 amount) external onlyOwner nonReentrant {\n        // Not',
      to: 'uint256 amount) external onlyOwner nonReentrant whenNotPaused {\n        // Not',
    },
    {
      file: 'Executor.sol',
      from: 'if (!CappedCall.tryCall(token, 0, abi.encodeCall(IERC20.transfer, (to, amount)))) {',
      to: 'if (!IERC20(token).transfer(to, amount)) {',
    },
  ],
}

/** Compiles the executor without one of its protections. @throws Error where the source has changed. */
export function weakenedExecutor(name: WeaknessName): Artifact {
  return compileWith(weaknesses[name])
}

function compileWith(weakness: Weakness): Artifact {
  const key = createHash('sha256').update(JSON.stringify(weakness))
  const folder = join(
    tmpdir(),
    `apex-weakened-${key.digest('hex').slice(0, 16)}-${process.pid}`,
  )
  mkdirSync(folder, { recursive: true })
  try {
    cpSync(contracts, folder, { recursive: true })
    for (const { file, from, to } of weakness) {
      const path = join(folder, file)
      const source = readFileSync(path, 'utf8')
      const parts = source.split(from)
      if (parts.length !== 2)
        throw new Error(`${file} has not one ${JSON.stringify(from)}`)
      writeFileSync(path, parts.join(to))
    }
    return compileContracts({
      compiler: 'solc',
      sourceFolder: folder,
      contracts: { Executor: 'Executor.sol' },
      optimizerRuns: 1,
      evmVersion: 'cancun',
      viaIR: true,
      // Unused code goes, nothing else: half the time.
      optimizerSteps: 'u:',
    }).Executor
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
