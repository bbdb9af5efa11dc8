import type { Rpc } from '../../core/rpc.ts'
import type { Submitter } from '../../market/submitter.ts'

/** Sends through the node, into its public pool: everybody sees it before it is mined. */
export function createRpcSubmitter(rpc: Rpc): Submitter {
  return {
    name: 'public-rpc',
    async submit({ raw }) {
      await rpc.request('eth_sendRawTransaction', [raw])
    },
  }
}
