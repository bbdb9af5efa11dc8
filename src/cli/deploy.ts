import { Command } from 'commander'
import {
  openSigner,
  parseSecretReference,
  readKeyAddress,
  readSecret,
} from '../adapters/keys/index.ts'
import { createHttpRpc, parseRpcUrl } from '../adapters/rpc/index.ts'
import type { Hex } from '../core/hex.ts'
import { nativeCoin, nativeDecimals } from '../core/nativeCoins.ts'
import type { Signer } from '../core/signer.ts'
import { formatAmount, groupThousands } from '../core/units.ts'
import { address, addresses, wholeNumber } from './arguments.ts'
import { deployNode } from './deployNode.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { toJson } from './json.ts'
import {
  askPassword,
  type PasswordOptions,
  referredPassword,
  withPasswordOptions,
} from './password.ts'
import { type Deployment, planDeployment } from './planDeployment.ts'
import { type Landed, sendDeployment } from './sendDeployment.ts'
import { renderTable } from './table.ts'
import { withProgress } from './writeKeystore.ts'

type Options = PasswordOptions & {
  readonly rpc: string
  readonly key: string
  readonly owner?: Hex
  readonly operator?: readonly Hex[]
  readonly wrappedNative?: Hex
  readonly timeout: number
  readonly live?: true
  readonly json?: true
}

/** `apex deploy`: the executor contract on a chain; a dry run unless `--live`. */
export function deployCommand(io: Io): Command {
  const command = new Command('deploy')
    .description('deploy the executor contract; a dry run unless --live')
    .requiredOption(
      '--rpc <url>',
      'node of the chain: an http or https URL, or env:NAME',
    )
    .requiredOption(
      '--key <reference>',
      'key that deploys: keystore:PATH, env:NAME or file:PATH',
    )
    .option(
      '--owner <address>',
      'who may withdraw and name operators (default: the deployer)',
      address('--owner'),
    )
    .option(
      '--operator <address>',
      'who may trade; may be given several times',
      addresses('--operator'),
    )
    .option(
      '--wrapped-native <address>',
      "the chain's wrapped native coin (default: the known one)",
      address('--wrapped-native'),
    )
    .option(
      '--timeout <seconds>',
      'how long to wait for each transaction',
      wholeNumber('--timeout', 1, 86_400),
      300,
    )
    .option('--live', 'send the transactions')
  return withPasswordOptions(command)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Without --live the deployment is simulated by the node and nothing is sent; a
keystore then needs no password. Operators are named where the deployer is the
owner; another owner names them itself, by addOperator(address).

Examples:
  $ apex deploy --rpc env:BASE_RPC --key keystore:owner.json --operator 0x7E5F…5Bdf
  $ apex deploy --rpc env:BASE_RPC --key keystore:owner.json --operator 0x7E5F…5Bdf --live`,
    )
    .action((options: Options) => deploy(options, io))
}

async function deploy(options: Options, io: Io): Promise<void> {
  const url = await rpcUrl(options.rpc)
  const signer = options.live ? await openDeployer(options, io) : undefined
  const deployer =
    signer?.address ??
    (await readKeyAddress(options.key, {
      password: await referredPassword(options),
    }))
  const node = deployNode(createHttpRpc({ url }))
  const deployment = await planDeployment(node, {
    deployer,
    owner: options.owner,
    operators: options.operator ?? [],
    wrappedNative: options.wrappedNative,
  })
  for (const text of warnings(deployment)) io.stderr(`warning: ${text}\n`)
  const { balance, mostCost, chainId } = deployment
  if (balance < mostCost) {
    const text = `the deployer has ${coins(balance, chainId)}, the deployment may cost ${coins(mostCost, chainId)}`
    if (signer) throw new UsageError(text)
    io.stderr(`warning: ${text}\n`)
  }
  const landed = signer
    ? await sendDeployment(node, signer, deployment, {
        timeoutMs: options.timeout * 1000,
        onStep: (text) => io.stderr(`${text}\n`),
      })
    : undefined
  io.stdout(
    options.json
      ? toJson(deploymentJson(url, deployment, landed))
      : deploymentText(url, deployment, landed, io),
  )
}

/** The URL may hold a key: from here on only its host is shown. */
async function rpcUrl(text: string): Promise<URL> {
  const url = parseRpcUrl(
    /^(env|file):/.test(text)
      ? await readSecret(parseSecretReference(text, 'RPC URL'), 'RPC URL')
      : text,
  )
  if (url === undefined)
    throw new UsageError('--rpc is no http or https URL', {
      hint: 'nor a reference to one: env:NAME or file:PATH',
    })
  return url
}

async function openDeployer(options: Options, io: Io): Promise<Signer> {
  // Read first: a password in place of its reference is refused whatever the key.
  const referred = await referredPassword(options)
  return withProgress('decrypting', io, (onProgress) =>
    openSigner(options.key, {
      password: async () => referred ?? (await askPassword(io)),
      onProgress,
    }),
  )
}

function warnings(deployment: Deployment): string[] {
  const { owner, operators, deployer } = deployment
  const found: string[] = []
  if (operators.includes(owner))
    found.push(
      'the owner is an operator: who steals the hot key withdraws everything; keep the owner cold',
    )
  if (operators.length === 0)
    found.push('no operator is named: nobody can trade')
  else if (owner !== deployer)
    found.push(
      `operators are not named by this deployer: the owner calls addOperator(address) for ${operators.join(', ')}`,
    )
  return found
}

function deploymentJson(
  url: URL,
  deployment: Deployment,
  landed: readonly Landed[] | undefined,
): object {
  const { data, runtimeCode, fees, ...shown } = deployment
  return {
    live: landed !== undefined,
    node: url.host,
    ...shown,
    ...fees,
    codeSize: (runtimeCode.length - 2) / 2,
    transactions: landed ?? [],
    cost: landed?.reduce((sum, { costWei }) => sum + costWei, 0n) ?? null,
  }
}

function deploymentText(
  url: URL,
  deployment: Deployment,
  landed: readonly Landed[] | undefined,
  io: Io,
): string {
  const { chainId, operators, l1DataFee } = deployment
  const wei = (amount: bigint): string => coins(amount, chainId)
  const rows: (readonly [string, string])[] = [
    ['node', url.host],
    ['chain', `${chainId}`],
    ['deployer', deployment.deployer],
    ['balance', wei(deployment.balance)],
    ['owner', deployment.owner],
    ['operators', operators.join('\n') || 'none'],
    ['wrapped native', deployment.wrappedNative],
    ['executor', deployment.executor],
  ]
  if (landed === undefined) {
    rows.push(
      ['gas', groupThousands(deployment.gas)],
      ...(l1DataFee > 0n ? [['L1 data fee', wei(l1DataFee)] as const] : []),
      ['cost', wei(deployment.expectedCost)],
      ['cost at most', wei(deployment.mostCost)],
    )
  } else
    for (const { what, hash, blockNumber, gasUsed, costWei } of landed)
      rows.push([
        what.split(' ')[0]!,
        `${hash}\nblock ${blockNumber}, gas ${groupThousands(gasUsed)}, cost ${wei(costWei)}`,
      ])
  const title =
    landed === undefined
      ? 'dry run: nothing was sent; --live deploys'
      : 'deployed'
  const columns = [
    { head: 'what', align: 'left' },
    { head: 'value', align: 'left' },
  ] as const
  return `${io.colors.bold(title)}\n${renderTable(columns, rows, io)}`
}

function coins(amount: bigint, chainId: number): string {
  const symbol = nativeCoin(chainId)?.symbol ?? 'native coin'
  return `${formatAmount(amount, nativeDecimals)} ${symbol}`
}
