import type { BlockHeader, NewHeads } from '../../../core/headFeed.ts'
import type { Hex } from '../../../core/hex.ts'
import type { Rpc } from '../../../core/rpc.ts'
import { RpcError } from '../../../core/rpcError.ts'
import { readHeader } from './readHeader.ts'

/** The last headers told, linked by hash. */
export type HeadChain = {
  readonly head: BlockHeader | undefined
  /**
   * What a header adds, with the blocks missed before it; undefined where it
   * is known, or lies before all that is.
   *
   * @throws RpcError where a parent cannot be had; the chain stays as it was.
   */
  add(header: BlockHeader): Promise<NewHeads | undefined>
}

/** Remembers and fills up to `depth` blocks. */
export function createHeadChain(rpc: Rpc, depth: number): HeadChain {
  const byNumber = new Map<number, BlockHeader>()
  let head: BlockHeader | undefined

  const isTold = ({ blockNumber, blockHash }: BlockHeader): boolean =>
    byNumber.get(blockNumber)?.blockHash === blockHash

  const oldest = (): number => Math.min(...byNumber.keys())
  /** Before all that is known nothing could be linked. */
  const isLateNews = ({ blockNumber }: BlockHeader): boolean =>
    head !== undefined && blockNumber < oldest()

  async function branch(
    top: BlockHeader,
  ): Promise<[BlockHeader, ...BlockHeader[]] | undefined> {
    const missed = await readBetween(rpc, head, top, depth)
    const headers: [BlockHeader, ...BlockHeader[]] = [top]
    for (;;) {
      const [first] = headers
      const below = byNumber.get(first.blockNumber - 1)
      if (below?.blockHash === first.parentHash) return headers
      if (headers.length > depth || first.blockNumber <= oldest())
        return undefined
      headers.unshift(
        missed.get(first.parentHash) ?? (await readParent(rpc, first)),
      )
    }
  }

  return {
    get head() {
      return head
    },
    async add(header) {
      if (isTold(header) || isLateNews(header)) return undefined
      const headers = head && (await branch(header))
      if (!headers) byNumber.clear()
      const added = headers ?? ([header] as const)
      const from = added[0].blockNumber
      for (let n = head?.blockNumber ?? 0; n >= from; n -= 1) byNumber.delete(n)
      for (const each of added) byNumber.set(each.blockNumber, each)
      for (const n of byNumber.keys())
        if (n < header.blockNumber - depth) byNumber.delete(n)
      head = header
      return { headers: added, connected: headers !== undefined }
    },
  }
}

/** The blocks between, asked by number at once, kept by hash: only the hash says that one belongs. */
async function readBetween(
  rpc: Rpc,
  head: BlockHeader | undefined,
  top: BlockHeader,
  depth: number,
): Promise<ReadonlyMap<Hex, BlockHeader>> {
  const count = head ? top.blockNumber - head.blockNumber - 1 : 0
  if (count < 2 || count > depth) return new Map()
  const answers = await Promise.allSettled(
    Array.from({ length: count }, (_, i) =>
      rpc.request('eth_getBlockByNumber', [
        `0x${(top.blockNumber - 1 - i).toString(16)}`,
        false,
      ]),
    ),
  )
  return new Map(
    answers.flatMap((answer): [Hex, BlockHeader][] => {
      const header =
        answer.status === 'fulfilled' ? readHeader(answer.value) : undefined
      return header ? [[header.blockHash, header]] : []
    }),
  )
}

async function readParent(
  rpc: Rpc,
  { parentHash, blockNumber }: BlockHeader,
): Promise<BlockHeader> {
  const method = 'eth_getBlockByHash'
  const parent = readHeader(await rpc.request(method, [parentHash, false]))
  if (
    parent?.blockHash !== parentHash ||
    parent.blockNumber !== blockNumber - 1
  )
    throw new RpcError(`${method}: no node has the parent of ${blockNumber}`, {
      method,
    })
  return parent
}
