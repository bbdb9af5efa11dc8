import { expect, it } from 'vitest'
import {
  lenderProtocol,
  lenderProtocols,
} from '../../../src/adapters/lenders/index.ts'
import type { LenderKind } from '../../../src/contracts/calldata.ts'
import type { Hex } from '../../../src/core/hex.ts'
import type { Rpc } from '../../../src/core/rpc.ts'
import { RpcError } from '../../../src/core/rpcError.ts'
import type { Lender } from '../../../src/market/lender.ts'
import { notObjects } from '../../support/malformed.ts'

const address: Hex = '0x00000000000000000000000000000000000000aa'
const token: Hex = '0x00000000000000000000000000000000000000bb'
/** A word alone, as where an answer was cut short: of Aave's it says that the reserve lends. */
const oneWord = `0x${((1n << 56n) | (1n << 63n)).toString(16).padStart(64, '0')}`

const lenderKinds = Object.keys(lenderProtocols) as LenderKind[]

it.each(lenderKinds)(
  '%s: an answer that makes no sense is a fault of the node',
  async (kind) => {
    const lender: Lender = {
      name: 'lender',
      chainId: 1,
      kind,
      address,
      verified: false,
      source: 'none',
    }
    for (const answer of [null, ...notObjects, {}, '0x', '0x12', oneWord]) {
      const rpc: Rpc = { request: async () => answer }
      const error = await lenderProtocol(kind)
        .readTerms(rpc, lender, token)
        .then(
          () => undefined,
          (error: unknown) => error,
        )
      if (error !== undefined)
        expect(error, JSON.stringify(answer)).toBeInstanceOf(RpcError)
    }
  },
)
