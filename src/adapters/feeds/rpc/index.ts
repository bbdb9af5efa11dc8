export { type Clock, systemClock } from './clock.ts'
export { createHeadFeed, type HeadFeedOptions } from './headFeed.ts'
export type { LogFilter } from './headSocket.ts'
export type { RpcHealth } from './poolNode.ts'
export { readHeader } from './readHeader.ts'
export {
  createRpcPool,
  type RpcPool,
  type RpcPoolOptions,
  type RpcPoolUrl,
} from './rpcPool.ts'
export type { RateLimit } from './tokenBucket.ts'
