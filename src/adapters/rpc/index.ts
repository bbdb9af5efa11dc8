export { createHttpRpc, type HttpRpcOptions } from './httpRpc.ts'
export { parseRpcUrl } from './rpcUrl.ts'
