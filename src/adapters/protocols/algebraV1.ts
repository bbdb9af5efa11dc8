import { deployAlgebra } from './algebraPools.ts'
import type { Protocol } from './protocol.ts'

/** uint16. */
const maxFee = 65_535
/** Constants.INIT_TICK_SPACING. */
const initialTickSpacing = 60

/** Algebra with its adaptive fee built in, the family of QuickSwap V3; the fee is held at what is asked for. */
export const algebraV1: Protocol = {
  name: 'algebra-v1',
  families: ['concentrated'],
  deploy(setting, name) {
    const { transactor } = setting
    return deployAlgebra(setting, {
      name,
      protocol: 'algebra-v1',
      packageName: '@cryptoalgebra/core',
      source: 'bytecode of npm @cryptoalgebra/core 3.0.0',
      maxFee,
      deployerValues: (factory) => [factory, transactor.sender],
      createValues: [],
      async beforeCreate(factory, contract, { feePips }) {
        // With alphas of 0 volatility adds nothing to the base fee; betas and gammas shape nothing.
        const config = [0, 0, 360, 60_000, 59, 8500, feePips]
        await transactor.send(factory, contract, 'setDefaultFeeConfiguration', [
          config,
        ])
      },
      async afterInitialize(pool, contract, { tickSpacing }) {
        // The pool takes no call that changes nothing.
        if (tickSpacing === initialTickSpacing) return
        const values = [tickSpacing, tickSpacing]
        await transactor.send(pool, contract, 'setTickSpacing', values)
      },
      needsSwap: true,
    })
  },
}
