import { z } from 'zod'
import { zeroAddress } from '../../core/address.ts'
import type { FeeModel } from '../../market/chain.ts'
import type { ChainConfig } from './config.ts'
import {
  address,
  addresses,
  amount,
  keyReference,
  names,
  passwordReference,
  path,
  poolAddresses,
  rpcUrls,
  texts,
  webSocketUrls,
  whole,
} from './fields.ts'
import { mistakeOf } from './mistake.ts'

const secondsADay = 86_400

const risk = z.strictObject({
  maxInput: amount.prefault('1'),
  maxGasCost: amount.prefault('0.01'),
  minNetProfit: amount.prefault('0.0001'),
  dailyLoss: amount.prefault('0.05'),
  maxFailuresInRow: whole(1, 1_000_000).default(5),
  routeCoolDownSeconds: whole(0, secondsADay).default(30),
  maxTradesPerMinute: whole(1, 100_000).default(20),
  maxBlocksBehind: whole(0, 1000).default(1),
  blockedTokens: addresses.default([]),
  blockedPools: poolAddresses.default([]),
})

const newPools = z.strictObject({
  join: z.boolean().default(true),
  leastTrade: amount.prefault('0.1'),
  withNewTokens: z.boolean().default(false),
  most: whole(0, 1_000_000).default(10_000),
})

const tip = z.strictObject({
  bps: whole(0, 10_000).default(0),
  to: address.default(zeroAddress),
})

const chain = z.strictObject({
  chainId: whole(1, 2 ** 48).optional(),
  rpc: rpcUrls.default([]),
  webSocket: webSocketUrls.default([]),
  requestsPerSecond: whole(1, 1_000_000).optional(),
  executor: address.optional(),
  key: keyReference.optional(),
  password: passwordReference.optional(),
  dexes: names.optional(),
  lenders: names.optional(),
  market: path.optional(),
  wrappedNative: address.optional(),
  blockTimeMs: whole(10, 3_600_000).optional(),
  finalityBlocks: whole(0, 100_000).optional(),
  feeModel: z.enum(['eip1559', 'opStack', 'arbitrum']).optional(),
  baseTokens: texts.optional(),
  maxHops: z.union([z.literal(2), z.literal(3), z.literal(4)]).default(3),
  logs: z.enum(['whole', 'topics']).default('whole'),
  provesLogs: z.boolean().default(false),
  relays: names.optional(),
  relayKey: keyReference.optional(),
  allowsPublic: z.boolean().default(false),
  tip: tip.prefault({}),
  risk: risk.prefault({}),
  newPools: newPools.prefault({}),
})

const file = z.strictObject({
  database: path.default('apex.sqlite'),
  killSwitch: path.default('apex.stop'),
  chains: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, 'a chain is called in lower case'),
      chain,
    )
    .default({}),
})

/** What a file and what overrides it say, checked. */
export type FileValues = {
  readonly database: string
  readonly killSwitch: string
  readonly chains: Readonly<Record<string, ChainValues>>
}

/** A section `[chains.NAME]`. */
export type ChainValues = Optional<
  Omit<ChainConfig, 'name' | 'chain'> & {
    readonly chainId: number
    readonly wrappedNative: ChainConfig['executor']
    readonly blockTimeMs: number
    readonly finalityBlocks: number
    readonly feeModel: FeeModel
  },
  | 'chainId'
  | 'requestsPerSecond'
  | 'executor'
  | 'key'
  | 'password'
  | 'dexes'
  | 'lenders'
  | 'market'
  | 'wrappedNative'
  | 'blockTimeMs'
  | 'finalityBlocks'
  | 'feeModel'
  | 'baseTokens'
  | 'relays'
  | 'relayKey'
>

type Optional<T, K extends keyof T> = Omit<T, K> & {
  readonly [key in K]?: T[key] | undefined
}

/** The kind of value at a path of keys, as a text from outside has to be read. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'list'

/** What a path of keys leads to: its exact keys and the kind of value; undefined where there is no such key. */
export type Field = {
  readonly keys: readonly string[]
  readonly kind: FieldKind
}

/**
 * Checks what was written.
 *
 * @param originOf where a value came from that is not in the file, for the hint.
 * @throws ConfigInvalidError at the first mistake.
 */
export function checkValues(
  raw: unknown,
  originOf: (place: string) => string | undefined,
): FileValues {
  const result = file.safeParse(raw)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw mistakeOf(issue, knownKeys(issue.path), originOf)
}

/**
 * Finds the field that words name; case, `-` and `_` within a word do not
 * count, so that `MAX_INPUT` is `maxInput`.
 */
export function findField(words: readonly string[]): Field | undefined {
  const keys: string[] = []
  let schema: unknown = file
  for (const word of words) {
    const inner = unwrapped(schema)
    if (inner instanceof z.ZodObject) {
      const key = Object.keys(inner.shape).find(
        (known) => plain(known) === plain(word),
      )
      if (key === undefined) return undefined
      keys.push(key)
      schema = inner.shape[key]
    } else if (inner instanceof z.ZodRecord) {
      keys.push(word.toLowerCase().replaceAll('_', '-'))
      schema = inner.valueType
    } else return undefined
  }
  const kind = kindOf(unwrapped(schema))
  return kind && { keys, kind }
}

function kindOf(schema: unknown): FieldKind | undefined {
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord)
    return undefined
  if (schema instanceof z.ZodArray) return 'list'
  if (schema instanceof z.ZodBoolean) return 'boolean'
  if (schema instanceof z.ZodNumber || schema instanceof z.ZodUnion)
    return 'number'
  return 'text'
}

/** Without what says that a value may be missing, or what becomes of it. */
function unwrapped(schema: unknown): unknown {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return unwrapped(schema.unwrap())
  return schema instanceof z.ZodPipe ? unwrapped(schema.in) : schema
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, '')
}

/** The keys of the section at a path; undefined where none is. */
function knownKeys(path: readonly PropertyKey[]): string[] | undefined {
  let schema: unknown = file
  for (const part of path) {
    const inner = unwrapped(schema)
    if (inner instanceof z.ZodObject) schema = inner.shape[String(part)]
    else if (inner instanceof z.ZodRecord) schema = inner.valueType
  }
  const inner = unwrapped(schema)
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : undefined
}
