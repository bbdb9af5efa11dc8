import { deployAlgebra } from './algebraPools.ts'
import type { Protocol } from './protocol.ts'

/** Constants.MAX_DEFAULT_FEE. */
const maxFee = 50_000
/** Constants.INIT_DEFAULT_FEE and INIT_DEFAULT_TICK_SPACING. */
const initialFee = 500
const initialTickSpacing = 60

/** Algebra Integral, the family of Camelot V4 and Thena: pools without plugins, so the fee stays. */
export const algebraIntegral: Protocol = {
  name: 'algebra-integral',
  families: ['concentrated'],
  deploy(setting, name) {
    const { transactor } = setting
    // The factory takes no setter's call that changes nothing.
    let [fee, spacing] = [initialFee, initialTickSpacing]
    return deployAlgebra(setting, {
      name,
      protocol: 'algebra-integral',
      packageName: '@cryptoalgebra/integral-core',
      source: 'bytecode of npm @cryptoalgebra/integral-core 1.2.10',
      maxFee,
      deployerValues: (factory) => [factory],
      createValues: ['0x'],
      async beforeInitialize(factory, contract, { feePips, tickSpacing }) {
        if (feePips !== fee)
          await transactor.send(factory, contract, 'setDefaultFee', [feePips])
        if (tickSpacing !== spacing)
          await transactor.send(factory, contract, 'setDefaultTickspacing', [
            tickSpacing,
          ])
        ;[fee, spacing] = [feePips, tickSpacing]
      },
      needsSwap: false,
    })
  },
}
