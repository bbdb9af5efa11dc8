import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { createApex } from '../../src/apex.ts'
import { generateMarket } from '../../src/market/generate/generateMarket.ts'
import { readMarketFile, writeMarketFile } from '../../src/market/marketFile.ts'
import { dataFile, dataMissing } from '../support/data.ts'
import { badMarkets, marketText } from '../support/marketRows.ts'
import { runCli } from '../support/runCli.ts'

const market = generateMarket({
  pools: 120,
  tokens: 20,
  seed: 9,
  mispricedShare: 0.1,
})
let folder: string
let marketFile: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apex-cli-'))
  marketFile = join(folder, 'market.jsonl.gz')
  await writeMarketFile(marketFile, market)
})
afterAll(() => rm(folder, { recursive: true }))

describe('apex', () => {
  it('--version is the package’s', async () => {
    expect(await runCli(['--version'])).toEqual({
      exitCode: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    })
  })

  it.each([
    [['--help'], /Examples:\n {2}\$ apex market generate/],
    [['scan', '--help'], /apex scan --market market\.jsonl\.gz/],
    [['quote', '--help'], /--amount-out/],
    [['verify', '--help'], /Exits 1/],
    [['market', '--help'], /generate/],
    [['market', 'generate', '--help'], /--mispriced/],
  ])('%j shows help with examples', async (args, text) => {
    const { exitCode, stdout, stderr } = await runCli(args)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(text)
    expect(stderr).toBe('')
  })

  it('without a command shows help on stderr, exit 2', async () => {
    const { exitCode, stdout, stderr } = await runCli([])
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^Usage: apex/)
  })

  it.each([
    [['bogus'], "unknown command 'bogus'"],
    [['scan'], "required option '--market <file>' not specified"],
    [['scan', '--market'], 'argument missing'],
    [['scan', '--market', 'M', '--colour'], "unknown option '--colour'"],
    [
      ['scan', '--market', 'M', '--max-hops', '5'],
      '--max-hops is unknown: 5 (one of 2, 3, 4)',
    ],
    [['scan', '--market', 'M', '--limit', '-1'], '--limit is no whole number'],
    [['scan', '--market', 'M', '--limit', '1e3'], '--limit is no whole number'],
    [
      ['scan', '--market', 'M', '--min-profit', '1e-3'],
      '--min-profit is no amount',
    ],
    [
      ['scan', '--market', 'M', '--min-profit', '-1'],
      '--min-profit is no amount',
    ],
    [
      ['scan', '--market', 'M', '--base', 'WETH,,USDC'],
      '--base has an empty name',
    ],
    [
      ['scan', '--market', 'M', '--base', 'NONE'],
      'the market has no token NONE',
    ],
    [
      [
        'scan',
        '--market',
        'M',
        '--base',
        '0xc02AAA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
      ],
      'the market has no token 0x',
    ],
    [['scan', '--market', 'absent.jsonl'], 'absent.jsonl: no such file'],
    [['scan', '--market', tmpdir()], `${tmpdir()}: it is a folder`],
    [['verify', tmpdir()], `${tmpdir()}: it is a folder`],
    [
      ['scan', '--market', `${'x'.repeat(300)}.jsonl`],
      'x.jsonl: ENAMETOOLONG: name too long',
    ],
    [
      ['quote', '--market', 'M', '--pool', 'P', '--token-in', 'WETH'],
      'either --amount-in or --amount-out',
    ],
    [
      [
        'quote',
        '--market',
        'M',
        '--pool',
        'P',
        '--token-in',
        'WETH',
        '--amount-in',
        '1',
        '--amount-out',
        '1',
      ],
      'either --amount-in or --amount-out',
    ],
    [
      [
        'quote',
        '--market',
        'M',
        '--pool',
        'P',
        '--token-in',
        'NONE',
        '--amount-in',
        '1',
      ],
      'has no one token NONE (it trades',
    ],
    [
      [
        'quote',
        '--market',
        'M',
        '--pool',
        '0x12',
        '--token-in',
        'WETH',
        '--amount-in',
        '1',
      ],
      'the market has no pool 0x12',
    ],
    [
      [
        'quote',
        '--market',
        'M',
        '--pool',
        'P',
        '--token-in',
        'WETH',
        '--amount-in',
        '1.5',
      ],
      '--amount-in is no whole number of base units below 2^256: 1.5 (one WETH is 1000000000000000000)',
    ],
    [['verify'], "missing required argument 'file'"],
    [
      [
        ...['quote', '--market', 'M', '--pool', 'P', '--token-in', 'WETH'],
        ...['--amount-in', `${2n ** 256n}`],
      ],
      'no whole number of base units below 2^256',
    ],
    [['verify', 'M'], 'must be of type "quotes", not "market"'],
    [['market', 'info', 'absent'], 'no such file'],
    [['market', 'generate'], "required option '--out <file>' not specified"],
    [
      ['market', 'generate', '--out', 'X', '--pools', '0'],
      '--pools is no whole number',
    ],
    [
      ['market', 'generate', '--out', 'X', '--mispriced', '2'],
      '--mispriced is no share',
    ],
    [
      ['market', 'generate', '--out', 'X', '--shape', 'star'],
      '--shape is unknown: star (one of dense, ethereum, base)',
    ],
    [
      ['market', 'generate', '--out', 'X', '--families', 'weighted'],
      '--families is unknown: weighted',
    ],
    [
      ['market', 'generate', '--out', 'X', '--families', 'concentrated=x'],
      'the weight of concentrated is no number',
    ],
    [
      ['market', 'generate', '--out', 'X', '--tokens', '2', '--pools', '99'],
      '99 pools do not fit on 2 tokens',
    ],
    [
      ['market', 'generate', '--out', 'absent/folder/x.jsonl'],
      'apex: absent/folder/x.jsonl: no such file or folder',
    ],
  ])('mistake: %j', async (args, message) => {
    const words = args.map((word) => names()[word] ?? word)
    const before = await readdir(folder)
    const { exitCode, stdout, stderr } = await runCli(words)
    expect(stderr).toContain(message)
    expect(stderr).toMatch(/^apex: [^\n]+\n$/)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(await readdir(folder)).toEqual(before)
  })

  it.each(badMarkets)('bad input: $name', async ({ text, line, message }) => {
    const file = join(folder, 'bad.jsonl')
    await writeFile(file, text)
    for (const args of [
      ['scan', '--market', file],
      ['market', 'info', file],
    ]) {
      const { exitCode, stdout, stderr } = await runCli(args)
      expect(stderr.startsWith(`apex: ${file}:${line}: `)).toBe(true)
      expect(stderr).toMatch(message)
      expect(stderr).toMatch(/^[^\n]+\n$/)
      expect([exitCode, stdout]).toEqual([2, ''])
    }
    await rm(file)
  })

  it('a reader that goes away early is no fault', async () => {
    const script = `import { main } from '${join(import.meta.dirname, '../../src/cli/index.ts')}'
      process.exitCode = await main(['node', 'apex', 'scan', '--market', '${marketFile}', '--limit', '0', '--json'])`
    const child = spawn(process.execPath, [
      '--input-type=module',
      '--eval',
      script,
    ])
    let stderr = ''
    child.stderr.on('data', (data) => {
      stderr += data
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const exitCode = await new Promise((resolve) => child.on('exit', resolve))
    expect([exitCode, stderr]).toEqual([0, ''])
  })
})

describe('progress', () => {
  /** Every look at the clock finds so much time gone. */
  const run = async (
    stepMs: number,
    ...[args, terminal]: Parameters<typeof runCli>
  ): ReturnType<typeof runCli> => {
    let nowMs = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      nowMs += stepMs
      return nowMs
    })
    try {
      return await runCli(args, terminal)
    } finally {
      clock.mockRestore()
    }
  }
  const scan = (): string[] => ['scan', '--market', marketFile]
  const generate = (): string[] => [
    ...['market', 'generate', '--out', join(folder, 'made.jsonl.gz')],
    ...['--pools', '600'],
  ]

  it('long work on a terminal shows one line on stderr and takes it away', async () => {
    const read = await run(1000, scan(), { stderrColumns: 30 })
    expect(read.stderr).toBe(
      '\r\u001b[Kreading market.jsonl.gz: 100 \r\u001b[K',
    )
    const made = await run(1000, generate(), { stderrColumns: 30 })
    expect(made.stderr).toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it takes the line away
      /^\r\u001b\[Kgenerating: 256 of 600 pools\r\u001b\[Kgenerating: 512 of 600 pools\r\u001b\[Kwriting .*\r\u001b\[K$/,
    )
  })

  it('quick work, or stderr in a file, shows none', async () => {
    for (const args of [scan(), generate()]) {
      expect((await run(1000, args)).stderr).toBe('')
      expect((await run(0, args, { stderrColumns: 80 })).stderr).toBe('')
    }
  })
})

describe('apex scan', () => {
  it('default: a table and the counts', async () => {
    const { exitCode, stdout, stderr } = await runCli([
      'scan',
      '--market',
      marketFile,
      '--limit',
      '3',
    ])
    expect([exitCode, stderr]).toEqual([0, ''])
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toBe('generated market, chain 31337, block 1')
    expect(lines[1]).toMatch(/^# {2}path +amount in +profit +profit in WETH$/)
    expect(lines[2]).toMatch(
      /^1 {2}WETH → .+ → WETH +[\d.,]+…? WETH +[\d.,]+…? WETH +[\d.,]+…?$/,
    )
    expect(lines[3]).toMatch(/^ {3}[a-z0-9-]+(, [a-z0-9-]+){1,3}$/)
    expect(lines.at(-1)).toMatch(
      /^120 pools, [\d,]+ cycles checked, [\d,]+ profitable, [\d.,]+ ms$/,
    )
    expect(lines.at(-2)).toBe('')
    expect(lines).toHaveLength(10)
  })

  it('--json: the form of the documentation, equal to the library’s', async () => {
    const args = ['--base', 'WETH,USDC', '--max-hops', '3', '--min-profit']
    const { exitCode, stdout } = await runCli([
      ...['scan', '--market', marketFile, '--limit', '0', '--json'],
      ...args,
      '0.0001',
    ])
    expect(exitCode).toBe(0)
    const json = JSON.parse(stdout)
    const apex = await createApex({ market })
    const result = apex.scan({
      baseTokens: ['WETH', 'USDC'],
      maxHops: 3,
      minProfit: 100_000_000_000_000n,
      limit: 0,
    })
    expect(result.opportunities.length).toBeGreaterThan(3)
    expect(json).toEqual({
      chainId: 31337,
      blockNumber: 1,
      pools: 120,
      cyclesChecked: `${result.cyclesChecked}`,
      profitable: result.profitable,
      elapsedMs: expect.any(Number),
      opportunities: result.opportunities.map((found) => ({
        id: found.cycle.id,
        tokenIn: found.cycle.tokenIn.address,
        amountIn: `${found.amountIn}`,
        amountOut: `${found.amountOut}`,
        grossProfit: `${found.grossProfit}`,
        grossProfitNative: `${found.grossProfitNative}`,
        hops: found.cycle.hops.map((hop) => ({
          pool: hop.pool.address,
          dex: hop.pool.dex,
          tokenIn: hop.tokenIn.address,
          tokenOut: hop.tokenOut.address,
          amountIn: `${hop.amountIn}`,
          amountOut: `${hop.amountOut}`,
        })),
      })),
    })
  })

  it('no profitable cycle is an empty list, exit 0', async () => {
    const file = join(folder, 'calm.jsonl')
    await writeMarketFile(
      file,
      generateMarket({ pools: 30, tokens: 8, mispricedShare: 0 }),
    )
    const { exitCode, stdout } = await runCli(['scan', '--market', file])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/\nno profitable cycle\n30 pools, .* 0 profitable/)
  })

  it('on a terminal too narrow for the table each row becomes a list', async () => {
    const args = ['scan', '--market', marketFile]
    const piped = (await runCli(args)).stdout.split('\n')
    const width = Math.max(...piped.map((line) => line.length))
    for (const columns of [40, width - 1, width, 200]) {
      const { stdout } = await runCli(args, { columns, colors: true })
      expect(stdout).toContain('\u001b[1m')
      const lines = stripVTControlCharacters(stdout).split('\n')
      expect(lines[0]).toBe('generated market, chain 31337, block 1')
      if (columns >= width)
        expect(lines.slice(0, -2)).toEqual(piped.slice(0, -2))
      else
        expect(lines.slice(1, 3)).toEqual([
          '#               1',
          expect.stringMatching(/^path {12}WETH → /),
        ])
    }
  })

  it('symbols from anybody do not break the table', async () => {
    const file = join(folder, 'odd.jsonl')
    const symbols = [
      'W"ETH',
      '🌐',
      '⚗️',
      '( ͡° ͜ʖ ͡°)',
      '\u001b[31mx\ny\u202e',
      '漢字',
    ]
    const odd = generateMarket({ pools: 40, tokens: 6, mispricedShare: 0.3 })
    const tokens = odd.tokens.map((token, i) =>
      JSON.stringify({ type: 'token', ...token, symbol: symbols[i] }),
    )
    await writeMarketFile(file, odd)
    const { readFile } = await import('node:fs/promises')
    const rows = (await readFile(file, 'utf8'))
      .split('\n')
      .filter((row) => !row.includes('"type":"token"'))
    await writeFile(file, [rows[0], ...tokens, ...rows.slice(1)].join('\n'))
    const { exitCode, stdout } = await runCli(['scan', '--market', file])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('W"ETH → ')
    for (const character of ['\u001b', '\u202e'])
      expect(stdout).not.toContain(character)
    const [, head, ...body] = stdout.split('\n')
    expect(head).toMatch(/^ *# {2}path/)
    for (const row of body.filter((line) => line.includes('→')))
      expect(row).toMatch(/^ *\d+ {2}W"ETH → .* → W"ETH {2,}[\d.,]+…? W"ETH/)
  })

  it('an amount is cut off, never rounded up', async () => {
    const args = ['scan', '--market', marketFile, '--limit', '1']
    const { stdout } = await runCli(args)
    const { stdout: json } = await runCli([...args, '--json'])
    const exact = JSON.parse(json).opportunities[0].grossProfit as string
    const shown = stdout.split('\n')[2]!.split(/ {2,}/)[3]!
    const digits = shown.replace(/[^\d]/g, '').replace(/^0+/, '')
    expect(exact.startsWith(digits)).toBe(true)
  })
})

describe('apex quote', () => {
  it('default: both sides, for people and exact', async () => {
    const { exitCode, stdout } = await quote('--amount-in', '1000000000000000')
    const pool = market.pools[0]!
    const apex = await createApex({ market })
    const { amountOut } = apex.quote(
      pool.address,
      pool.tokens[0],
      1_000_000_000_000_000n,
    )
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`${pool.dex} ${pool.address}, `)
    expect(stdout).toContain('(1000000000000000)')
    expect(stdout).toContain(`(${amountOut})`)
    expect(stdout).toMatch(/filled in full\n$/)
  })

  it('--json, exact output', async () => {
    const { exitCode, stdout } = await quote('--amount-out', '1000', '--json')
    const pool = market.pools[0]!
    const apex = await createApex({ market })
    const found = apex.quoteExactOut(pool.address, pool.tokens[0], 1000n)
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      chainId: 31337,
      blockNumber: 1,
      pool: pool.address,
      dex: pool.dex,
      family: 'constantProduct',
      tokenIn: pool.tokens[0],
      tokenOut: pool.tokens[1],
      amountIn: `${found.amountIn}`,
      amountOut: '1000',
      end: 'filled',
    })
  })

  it('error: a swap that reverts is a failed run, one line, exit 1', async () => {
    const { exitCode, stdout, stderr } = await quote('--amount-in', '0')
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^apex: pool 0x[^\n]+ reverts on this swap[^\n]*\n$/)
  })

  function quote(...args: string[]): ReturnType<typeof runCli> {
    const { address, tokens } = market.pools[0]!
    return runCli([
      ...['quote', '--market', marketFile, '--pool', address],
      ...['--token-in', tokens[0], ...args],
    ])
  }
})

describe('apex verify', () => {
  const row = (type: string, fields: object): string =>
    `${JSON.stringify({ type, ...fields })}\n`
  const [token0, token1] = market.pools[0]!.tokens
  const recorded = (amountOut: string): string =>
    row('quotes', { version: 1, chainId: 1, blockNumber: 2 }) +
    row('pool', {
      dex: 'uniswap-v2',
      family: 'constantProduct',
      address: market.pools[0]!.address,
      tokens: [token0, token1],
      feePips: 3000,
      reserves: ['1000000', '2000000'],
    }) +
    row('quote', {
      pool: market.pools[0]!.address,
      tokenIn: token0,
      tokenOut: token1,
      kind: 'exactIn',
      amountIn: '1000',
      amountOut,
    })

  it('default: all equal, exit 0', async () => {
    const file = join(folder, 'quotes.jsonl')
    await writeFile(file, recorded('1992'))
    expect(await runCli(['verify', file])).toEqual({
      exitCode: 0,
      stdout: '1 of 1 equal\n',
      stderr: '',
    })
  })

  it.each([[[]], [['--json']]])(
    'a file without answers is a mistake, exit 2 %j',
    async (options) => {
      const file = join(folder, 'quotes.jsonl')
      const rows = recorded('1992').split('\n')
      const timedOut = row('quote', {
        pool: market.pools[0]!.address,
        tokenIn: token0,
        tokenOut: token1,
        kind: 'exactIn',
        amountIn: '1000',
        reverts: true,
        why: "{'exception': 'Timeout'}",
      })
      for (const kept of [1, 2, 3]) {
        const asked = kept > 2 ? [...rows.slice(0, 2), timedOut.trim()] : rows
        await writeFile(file, `${asked.slice(0, kept).join('\n')}\n`)
        expect(await runCli(['verify', file, ...options])).toEqual({
          exitCode: 2,
          stdout: '',
          stderr: `apex: ${file}: no answers in it, nothing to verify (quote rows come after the pool rows)\n`,
        })
      }
    },
  )

  it.each(['-1', `${2n ** 256n}`])(
    'an amount of %s is a mistake, exit 2',
    async (amount) => {
      const file = join(folder, 'quotes.jsonl')
      await writeFile(file, recorded(amount))
      expect(await runCli(['verify', file])).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: `apex: ${file}:3: amountOut is outside 0 … 2^256 - 1: ${amount}\n`,
      })
    },
  )

  it('a difference of one base unit is listed, exit 1', async () => {
    const file = join(folder, 'quotes.jsonl')
    await writeFile(file, recorded('1993'))
    const text = await runCli(['verify', file])
    expect(text.exitCode).toBe(1)
    expect(text.stdout).toBe(
      `${file}:3: exactIn of 1000 at ${market.pools[0]!.address}: recorded 1993, computed 1992\n0 of 1 equal\n`,
    )
    const json = await runCli(['verify', file, '--json'])
    expect(json.exitCode).toBe(1)
    expect(JSON.parse(json.stdout)).toEqual({
      chainId: 1,
      blockNumber: 2,
      equal: 0,
      total: 1,
      unanswered: 0,
      differences: [
        {
          line: 3,
          pool: market.pools[0]!.address,
          kind: 'exactIn',
          tokenIn: token0,
          tokenOut: token1,
          amount: '1000',
          recorded: '1993',
          computed: '1992',
        },
      ],
    })
  })

  it.for([
    'aerodrome-slipstream-cbeth-weth',
    'aerodrome-v2-stable-dola-usdbc',
    'aerodrome-v2-volatile-tbtc-weth',
    'pancakeswap-v2-weth-usdbc',
    'uniswap-v3-wbtc-weth',
    'uniswap-v4-eth-usdc',
  ])('recorded on chain: %s', async (name, { skip }) => {
    const file = dataFile(`quotes/${name}.jsonl.gz`) ?? skip(dataMissing)
    const { exitCode, stdout } = await runCli(['verify', file])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^(\d+) of \1 equal/)
  })
})

describe('apex market', () => {
  it('generate writes the market of the library', async () => {
    const file = join(folder, 'made.jsonl.gz')
    const { exitCode, stdout } = await runCli([
      ...['market', 'generate', '--pools', '80', '--tokens', '30'],
      ...['--seed', '4', '--mispriced', '0.5', '--shape', 'ethereum'],
      ...['--families', 'constantProduct=2,concentrated', '--out', file],
    ])
    expect(exitCode).toBe(0)
    expect(stdout).toBe(
      `generated market of 80 pools and 30 tokens, seed 4: ${file}\n`,
    )
    const read = await readMarketFile(file)
    const made = generateMarket({
      pools: 80,
      tokens: 30,
      seed: 4,
      mispricedShare: 0.5,
      shape: 'ethereum',
      families: { constantProduct: 2, concentrated: 1 },
    })
    expect(read.pools).toEqual(made.pools)
    expect(read.tokens).toEqual(made.tokens)
  })

  it('info counts', async () => {
    const file = join(folder, 'good.jsonl')
    await writeFile(file, marketText())
    const { exitCode, stdout } = await runCli(['market', 'info', file])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('chain 1, block 7\nsource: test\n')
    expect(stdout).toContain('4 pools, 2 tokens\n')
    expect(stdout).toMatch(/uniswap-v3 +concentrated +1\n/)
    const json = await runCli(['market', 'info', file, '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      chainId: 1,
      pools: 4,
      tokens: 2,
      notes: { source: 'test' },
      poolBlocks: { oldest: 6, newest: 6 },
      hubs: [
        { symbol: 'WETH', pools: 4 },
        { symbol: 'USDC', pools: 4 },
      ],
      ticks: { pools: 1, wholeScale: 1, initialised: 2 },
    })
  })

  it('info of a recorded market', async ({ skip }) => {
    const file =
      dataFile('markets/ethereum-17105k.jsonl.gz') ?? skip(dataMissing)
    const { exitCode, stdout } = await runCli(['market', 'info', file])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('3,338 pools, 2,251 tokens\n')
    expect(stdout).toMatch(/uniswap-v2 +constantProduct +1,929\n/)
  })
})

/** Words of the table of mistakes that are known only when it runs. */
function names(): Readonly<Record<string, string>> {
  return {
    M: marketFile,
    P: market.pools.find(({ tokens }) =>
      tokens.includes(market.wrappedNative!.address),
    )!.address,
    X: join(folder, 'never.jsonl'),
  }
}
