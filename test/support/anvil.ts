import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { EmbeddedChain } from '../../src/adapters/evm/embeddedChain.ts'
import { createHttpRpc } from '../../src/adapters/rpc/index.ts'
import type { Hex } from '../../src/core/hex.ts'

/** An anvil node with its chain, as a world is made on; blocks are made by `mine` alone. */
export type Anvil = EmbeddedChain & {
  /** HTTP and WebSocket on one port: `127.0.0.1:port`. */
  readonly port: number
  /** Ends the node; where it has a file, its chain is kept there, but nothing that waits to be mined. */
  stop(): Promise<void>
  /** Starts a node that was stopped, on the same port and with the chain of its file. */
  revive(): Promise<void>
}

const binary = join(import.meta.dirname, '../../node_modules/.bin/anvil')
const lastLogLine = /Listening on [\d.]+:(\d+)/
const startTimeoutMs = 20_000

/**
 * Starts a node of its own on a free port; `stop` it afterwards.
 *
 * @param file where its chain is kept while it is stopped.
 */
export async function startAnvil(
  chainId = 31337,
  file?: string,
): Promise<Anvil> {
  let node = await spawnAnvil(chainId, 0, file)
  const { port } = node
  const rpc = createHttpRpc({ url: new URL(`http://127.0.0.1:${port}`) })
  const call = async (method: string, ...params: unknown[]): Promise<void> => {
    await rpc.request(method, params)
  }
  return {
    ...rpc,
    chainId,
    port,
    mine: (timestamp) =>
      call('evm_mine', ...(timestamp === undefined ? [] : [timestamp])),
    setAutomine: (isOn) => call('evm_setAutomine', isOn),
    impersonate: (address) => call('anvil_impersonateAccount', address),
    setBalance: (address, balance) =>
      call('anvil_setBalance', address, quantity(balance)),
    setNextBaseFee: (fee) =>
      call('anvil_setNextBlockBaseFeePerGas', quantity(fee)),
    setBlockGasLimit: (gas) => call('evm_setBlockGasLimit', quantity(gas)),
    timestamp: async () => {
      const block = await rpc.request('eth_getBlockByNumber', ['latest', false])
      return Number((block as { timestamp: Hex }).timestamp)
    },
    whileSettingUp: (setUp) => setUp(),
    stop: () => node.stop(),
    async revive() {
      node = await spawnAnvil(chainId, port, file)
    },
  }
}

type AnvilProcess = {
  readonly port: number
  stop(): Promise<void>
}

async function spawnAnvil(
  chainId: number,
  wantedPort: number,
  file: string | undefined,
): Promise<AnvilProcess> {
  const child = spawn(
    binary,
    [
      ...['--port', `${wantedPort}`, '--chain-id', `${chainId}`],
      ...['--hardfork', 'cancun'],
      ...['--no-mining', '--order', 'fees', '--disable-block-gas-limit'],
      ...['--base-fee', '1000000000', '--accounts', '1'],
      '--disable-pool-balance-checks',
      ...(file === undefined ? [] : ['--state', file]),
    ],
    // A group of its own: the binary is a child of the npm package's script.
    { stdio: ['ignore', 'pipe', 'ignore'], detached: true },
  )
  // Not its exit: that is the script's, and the node may still be writing.
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => resolve()),
  )
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('anvil does not listen')),
      startTimeoutMs,
    )
    let text = ''
    child.stdout.on('data', (data) => {
      text += data
      const found = lastLogLine.exec(text)
      if (!found) return
      clearTimeout(timer)
      child.stdout.removeAllListeners('data').resume()
      resolve(Number(found[1]))
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error('anvil has ended')))
  })
  return {
    port,
    async stop() {
      // It writes its file when it is asked to end.
      process.kill(-child.pid!, file === undefined ? 'SIGKILL' : 'SIGTERM')
      await ended
    },
  }
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
