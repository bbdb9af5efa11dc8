export { parseRpcUrl, parseWebSocketUrl } from '../rpcUrl.ts'
export { createHttpRpc, type HttpRpcOptions } from './httpRpc.ts'
