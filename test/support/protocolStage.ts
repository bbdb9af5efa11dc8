import { eventTopic } from '../../src/adapters/dexes/logWords.ts'
import {
  createEmbeddedChain,
  type EmbeddedChain,
} from '../../src/adapters/evm/embeddedChain.ts'
import { publishedArtifact } from '../../src/adapters/protocols/artifact.ts'
import {
  type HelperAddresses,
  liquidityMinter,
} from '../../src/adapters/protocols/helpers.ts'
import {
  createTransactor,
  type Deployment,
  deployHelpers,
  erc20Artifact,
  type Protocol,
  type Setting,
  testToken,
  weth9Artifact,
} from '../../src/adapters/protocols/index.ts'
import { zeroAddress } from '../../src/core/address.ts'
import type { Hex } from '../../src/core/hex.ts'
import type { Log } from '../../src/core/rpc.ts'
import type { Pool } from '../../src/market/pool.ts'

/** One genuine protocol on an embedded chain, pools in it, and somebody who trades with them. */
export type ProtocolStage = {
  readonly chain: EmbeddedChain
  readonly setting: Setting
  readonly deployment: Deployment
  /** As read back. */
  readonly pools: readonly Pool[]
  /** Has these calls mined in this order in one block. @throws Error where one reverts. */
  mine(calls: readonly Call[]): Promise<readonly Receipt[]>
}

export type Call = {
  readonly to: Hex
  readonly data: Hex
  readonly value?: bigint
  /** Default: the trader. */
  readonly from?: Hex
}

export type Receipt = {
  readonly logs: readonly Log[]
  /** Base units of a token that the trader was sent. */
  received(token: Hex): bigint
}

export const trader: Hex = '0x000000000000000000000000000000007ade0000'
const unlimited = (1n << 256n) - 1n
/** Base units of each token that the trader begins with. */
const stock = 1n << 150n
const transferTopic = eventTopic('Transfer(address,address,uint256)')

/** Makes the pools, whose tokens are placeholders: `decimals` are those of the tokens in rising order of address. */
export async function createStage(
  protocol: Protocol,
  decimals: readonly number[],
  makePools: (tokens: readonly Hex[]) => readonly Pool[],
): Promise<ProtocolStage> {
  const chain = await createEmbeddedChain({
    automine: false,
    blockGasLimit: 1_000_000_000n,
    baseFeePerGas: 0n,
    accounts: [{ address: trader, balance: 1n << 200n }],
  })
  const transactor = createTransactor(chain, trader, () => chain.mine())
  const wrappedNative = await transactor.deploy(weth9Artifact())
  const helpers = await deployHelpers(transactor)
  // Their decimals follow the order of their addresses.
  const addresses = await transactor.nextAddresses(decimals.length)
  const tokens = addresses.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
  for (const address of addresses)
    await transactor.deploy(testToken, [
      'Token',
      'T',
      decimals[tokens.indexOf(address)],
    ])
  for (const token of tokens) {
    await transactor.send(token, testToken, 'mint', [trader, stock])
    for (const spender of Object.values(helpers) as Hex[])
      await transactor.send(token, testToken, 'approve', [spender, unlimited])
  }
  await transactor.flush()
  const setting: Setting = {
    transactor,
    chainId: chain.chainId,
    wrappedNative,
    helpers,
  }
  const deployment = await protocol.deploy(setting, protocol.name)
  const asked = makePools(tokens)
  for (const pool of asked) {
    const refusal = deployment.reserve(pool)
    if (refusal) throw new Error(refusal)
  }
  await transactor.flush()
  const made = await deployment.createPools(asked)
  const pools: Pool[] = []
  for (const [i, pool] of asked.entries())
    pools.push(await deployment.readPool({ ...pool, address: made[i]! }))
  for (const pool of pools)
    for (const zeroForOne of [true, false]) {
      const token = pool.tokens[zeroForOne ? 0 : 1]
      const { spender } = await deployment.swapCall({
        pool,
        user: trader,
        zeroForOne,
        amountIn: 1n,
      })
      if (token !== zeroAddress)
        await transactor.send(token, testToken, 'approve', [spender, unlimited])
    }
  await transactor.flush()
  return {
    chain,
    setting,
    deployment,
    pools,
    mine: (calls) => mineCalls(chain, calls),
  }
}

/** Calls that add liquidity to a pool, or take it away again; undefined where the protocol has none. */
export type LiquidityCalls = (
  stage: ProtocolStage,
  pool: Pool,
  position: {
    readonly tickLower: number
    readonly tickUpper: number
    /** Negative: taken away. */
    readonly liquidity: bigint
  },
) => Promise<readonly Call[]>

/** Pools with mint and burn of their own; what the minter added is burnt in its name. */
export function poolLiquidity(
  mintFunction: 'mintUniswap' | 'mintAlgebra',
  burnSignature: string,
  burnValues: readonly unknown[] = [],
): LiquidityCalls {
  const name = burnSignature.slice(0, burnSignature.indexOf('('))
  return async ({ chain, setting }, pool, position) => {
    const { tickLower, tickUpper, liquidity } = position
    const { liquidityMinter: minter } = setting.helpers as HelperAddresses
    if (liquidity > 0n)
      return [
        {
          to: minter,
          data: encode(liquidityMinter.abi, mintFunction, [
            pool.address,
            [[tickLower, tickUpper, liquidity]],
          ]),
        },
      ]
    await chain.impersonate(minter)
    await chain.setBalance(minter, 1n << 100n)
    const abi = new (await import('ethers')).Interface([
      `function ${burnSignature}`,
    ])
    const values = [tickLower, tickUpper, -liquidity, ...burnValues]
    return [{ from: minter, to: pool.address, data: encode(abi, name, values) }]
  }
}

const routers = new WeakMap<ProtocolStage, Promise<Hex>>()

/** V4: through the router that its team publishes for tests. */
export const managerLiquidity: LiquidityCalls = async (
  stage,
  pool,
  position,
) => {
  const artifact = publishedArtifact(
    '@uniswap/v4-core',
    'out/PoolModifyLiquidityTest.sol/PoolModifyLiquidityTest.json',
  )
  const { transactor } = stage.setting
  const deploy = async (): Promise<Hex> => {
    const made = await transactor.deploy(artifact, [
      stage.deployment.dex.address,
    ])
    for (const { tokens } of stage.pools)
      for (const token of tokens)
        if (token !== zeroAddress)
          await transactor.send(token, testToken, 'approve', [made, unlimited])
    await transactor.flush()
    return made
  }
  const router = routers.get(stage) ?? deploy()
  routers.set(stage, router)
  if (pool.family !== 'concentrated') throw new Error('no concentrated pool')
  const { tickLower, tickUpper, liquidity } = position
  const { tokens, feePips, tickSpacing } = pool
  return [
    {
      to: await router,
      ...(tokens[0] === zeroAddress && liquidity > 0n && { value: 1n << 130n }),
      data: encode(
        artifact.abi,
        'modifyLiquidity((address,address,uint24,int24,address),(int24,int24,int256,bytes32),bytes)',
        [
          [...tokens, feePips, tickSpacing, zeroAddress],
          [tickLower, tickUpper, liquidity, `0x${'0'.repeat(64)}`],
          '0x',
        ],
      ),
    },
  ]
}

/** Pairs: tokens are sent and turned into shares, or so many 1/1000 of the shares sent and turned into tokens. */
export const pairLiquidity: LiquidityCalls = async (
  { chain },
  pool,
  { liquidity },
) => {
  if (pool.family !== 'constantProduct') throw new Error('no pair')
  const { Interface } = await import('ethers')
  const abi = new Interface([
    'function mint(address)',
    'function burn(address)',
    'function totalSupply() view returns (uint256)',
  ])
  const erc20 = erc20Artifact().abi
  const [target, of] = [pool.address, (n: bigint) => (n * liquidity) / 1000n]
  // Where nearly nothing is left of a token, a share of it would be nothing, and the pair refuses.
  const isAdded = liquidity > 0n || pool.reserves.some((n) => of(n) > -10n)
  if (isAdded)
    return [
      ...pool.tokens.map((token, i) => ({
        to: token,
        data: encode(erc20, 'transfer', [
          target,
          pool.reserves[i]! / 100n + 1000n,
        ]),
      })),
      { to: target, data: encode(abi, 'mint', [trader]) },
    ]
  const supply = (await chain.request('eth_call', [
    { to: target, data: encode(abi, 'totalSupply', []) },
    'latest',
  ])) as Hex
  const shares = (BigInt(supply) * -liquidity) / 1000n
  return [
    { to: target, data: encode(erc20, 'transfer', [target, shares]) },
    { to: target, data: encode(abi, 'burn', [trader]) },
  ]
}

/**
 * Balancer: joins with shares of 1/1000 of the balances, exits into one token,
 * and now and then another swap fee, which is the pool's owner's to set.
 */
export const vaultLiquidity: LiquidityCalls = async (
  { chain, deployment },
  pool,
  { liquidity },
) => {
  if (pool.family !== 'weighted' && pool.family !== 'stable')
    throw new Error('no Balancer pool')
  const { AbiCoder, Interface } = await import('ethers')
  const coder = AbiCoder.defaultAbiCoder()
  const request =
    '(address[] assets, uint256[] limits, bytes userData, bool internalBalance)'
  const abi = new Interface([
    `function joinPool(bytes32, address, address, ${request})`,
    `function exitPool(bytes32, address, address, ${request})`,
    'function getPoolTokens(bytes32) view returns (address[], uint256[], uint256)',
    'function setSwapFeePercentage(uint256)',
    'function balanceOf(address) view returns (uint256)',
  ])
  if (liquidity % 5n === 0n)
    return [
      {
        to: pool.address,
        data: encode(abi, 'setSwapFeePercentage', [
          10n ** 15n + liquidity * 10n ** 12n,
        ]),
      },
    ]
  const ask = async (
    to: Hex,
    name: string,
    values: readonly unknown[],
  ): Promise<readonly unknown[]> => {
    const call = { to, data: encode(abi, name, values) }
    const result = await chain.request('eth_call', [call, 'latest'])
    return abi.decodeFunctionResult(name, result as Hex)
  }
  const vault = deployment.dex.address
  const [assets] = await ask(vault, 'getPoolTokens', [pool.poolId])
  const tokens = [...(assets as readonly Hex[])]
  const held = pool.family === 'weighted' ? pool.reserves : pool.balances
  const [shares] = await ask(pool.address, 'balanceOf', [trader])
  const isJoin = liquidity > 0n
  const userData = isJoin
    ? // EXACT_TOKENS_IN_FOR_BPT_OUT
      coder.encode(
        ['uint256', 'uint256[]', 'uint256'],
        [1, held.map((balance) => (balance * liquidity) / 1000n), 0],
      )
    : // EXACT_BPT_IN_FOR_ONE_TOKEN_OUT
      coder.encode(
        ['uint256', 'uint256', 'uint256'],
        [0, ((shares as bigint) * -liquidity) / 1000n, -liquidity % 2n],
      )
  const limits = tokens.map(() => (isJoin ? unlimited : 0n))
  const values = [
    pool.poolId,
    trader,
    trader,
    [tokens, limits, userData, false],
  ]
  return [
    { to: vault, data: encode(abi, isJoin ? 'joinPool' : 'exitPool', values) },
  ]
}

type Encoder = {
  encodeFunctionData(name: string, values: readonly unknown[]): string
}

function encode(abi: Encoder, name: string, values: readonly unknown[]): Hex {
  return abi.encodeFunctionData(name, values) as Hex
}

async function mineCalls(
  chain: EmbeddedChain,
  calls: readonly Call[],
): Promise<readonly Receipt[]> {
  const hashes: Hex[] = []
  // One after the other in the block: the earlier pays more.
  for (const [i, { from = trader, to, data, value = 0n }] of calls.entries())
    hashes.push(
      (await chain.request('eth_sendTransaction', [
        {
          from,
          to,
          data,
          value: `0x${value.toString(16)}`,
          gas: '0x1e84800',
          maxFeePerGas: '0xe8d4a51000',
          maxPriorityFeePerGas: `0x${(1_000_000 - i).toString(16)}`,
        },
      ])) as Hex,
    )
  await chain.mine()
  const receipts: Receipt[] = []
  for (const [i, hash] of hashes.entries()) {
    const receipt = (await chain.request('eth_getTransactionReceipt', [
      hash,
    ])) as RawReceipt
    if (receipt.status !== '0x1')
      throw new Error(`call ${i} reverted: ${JSON.stringify(calls[i], asText)}`)
    if (Number(receipt.transactionIndex) !== i)
      throw new Error(`call ${i} was mined as ${receipt.transactionIndex}`)
    receipts.push(readReceipt(receipt))
  }
  return receipts
}

function asText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}

type RawReceipt = {
  readonly status: Hex
  readonly transactionHash: Hex
  readonly transactionIndex: Hex
  readonly logs: readonly {
    readonly address: Hex
    readonly topics: readonly Hex[]
    readonly data: Hex
    readonly logIndex: Hex
  }[]
}

function readReceipt(receipt: RawReceipt): Receipt {
  const logs = receipt.logs.map((log) => ({
    address: log.address,
    topics: log.topics,
    data: log.data,
    txHash: receipt.transactionHash,
    txIndex: Number(receipt.transactionIndex),
    logIndex: Number(log.logIndex),
  }))
  return {
    logs,
    received: (token) =>
      logs
        .filter(
          ({ address, topics }) =>
            address.toLowerCase() === token.toLowerCase() &&
            topics[0] === transferTopic &&
            BigInt(topics[2]!) === BigInt(trader),
        )
        .reduce((sum, { data }) => sum + BigInt(data), 0n),
  }
}
