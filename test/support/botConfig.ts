import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMarket } from '../../src/market/marketBuilder.ts'
import { writeMarketFile } from '../../src/market/marketFile.ts'
import { type BotStage, botKey } from './botStage.ts'

/** DEXes of the stage whose pools tell all themselves: known on a public chain by their names alone. */
const dexes = ['uniswap-v2', 'uniswap-v3', 'sushiswap-v2', 'pancakeswap-v3']

/** What a test wants otherwise than usual. */
export type SectionOptions = {
  /** TOML lines of the section, over the usual ones; undefined leaves one out. */
  readonly lines?: Readonly<Record<string, string | undefined>>
}

/** Writes a market file, a key file and an `apex.toml` as a user would; returns its path. */
export async function writeBotConfig(
  folder: string,
  stages: Readonly<Record<string, BotStage>>,
  options: Readonly<Record<string, SectionOptions>> = {},
): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const key = join(folder, 'key')
  writeFileSync(key, botKey, { mode: 0o600 })
  const sections = await Promise.all(
    Object.entries(stages).map(async ([name, stage]) => {
      const market = join(folder, `${name}.jsonl`)
      await writeStageMarket(market, stage)
      return section(name, stage, { market, key }, options[name])
    }),
  )
  const config = join(folder, 'apex.toml')
  writeFileSync(
    config,
    [
      `database = "${join(folder, 'apex.sqlite')}"`,
      `killSwitch = "${join(folder, 'apex.stop')}"`,
      ...sections,
    ].join('\n'),
  )
  return config
}

/** The stage's market as `apex snapshot` would write it. */
export async function writeStageMarket(
  file: string,
  { anvil, world }: BotStage,
): Promise<void> {
  const { blockNumber, blockHash, tokens, pools } = await world.readMarket()
  const market = createMarket({
    chainId: anvil.chainId,
    blockNumber,
    blockHash: blockHash!,
    wrappedNative: world.wrappedNative,
    tokens,
    pools: pools.filter(({ dex }) => dexes.includes(dex)),
  })
  await writeMarketFile(file, market)
}

function section(
  name: string,
  { anvil, world, executor }: BotStage,
  { market, key }: { readonly market: string; readonly key: string },
  { lines = {} }: SectionOptions = {},
): string {
  const node = `127.0.0.1:${anvil.port}`
  const all: Readonly<Record<string, string | undefined>> = {
    rpc: `["http://${node}"]`,
    webSocket: `["ws://${node}"]`,
    market: `"${market}"`,
    executor: `"${executor}"`,
    key: `"file:${key}"`,
    wrappedNative: `"${world.wrappedNative}"`,
    blockTimeMs: '250',
    dexes: JSON.stringify(dexes),
    lenders: '[]',
    relays: '[]',
    allowsPublic: 'true',
    ...lines,
  }
  return [
    `[chains.${name}]`,
    ...Object.entries(all).flatMap(([field, value]) =>
      value === undefined ? [] : [`${field} = ${value}`],
    ),
    `[chains.${name}.risk]`,
    'maxInput = "1000000"',
    'maxGasCost = "1"',
    'dailyLoss = "10"',
    'maxTradesPerMinute = 1000',
    'routeCoolDownSeconds = 0',
    'maxFailuresInRow = 1000',
  ].join('\n')
}
