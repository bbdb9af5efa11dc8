import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, it } from 'vitest'
import type { ScanResult } from '../../src/index.ts'
import {
  browserMissing,
  findChromium,
  openInBrowser,
} from '../support/browser.ts'
import {
  type BuiltPackage,
  bundleModules,
  bundleScript,
  importBuilt,
} from '../support/builtPackage.ts'
import { smallMarket } from '../support/smallMarket.ts'

/** The built package, bundled as for a page: all it exports, and a scan of a market file as text. */
const page = `
  import * as apex from 'apex-arbitrage'
  export const names = Object.keys(apex)
  export async function scan(source) {
    const market = await apex.parseMarketLines(source, 'market.jsonl.gz')
    const found = (await apex.createApex({ market })).scan({ limit: 0 })
    return JSON.stringify({ ...found, elapsedMs: 0 }, (_, value) =>
      typeof value === 'bigint' ? String(value) : value)
  }
`

let apexPackage: BuiltPackage
let marketBytes: Uint8Array<ArrayBuffer>
let expected: string
beforeAll(async () => {
  apexPackage = await importBuilt()
  const { createApex, generateMarket, marketLines } = apexPackage
  const market = generateMarket(smallMarket)
  marketBytes = new Uint8Array(gzipSync([...marketLines(market)].join('\n')))
  const found = (await createApex({ market })).scan({ limit: 0 })
  expect(found.opportunities.length).toBeGreaterThan(50)
  expected = toText(found)
})

it('needs nothing that only Node has', async () => {
  const context = createContext({
    atob,
    performance,
    DecompressionStream,
    ReadableStream,
    TextDecoder,
    TextEncoder,
  })
  runInContext(await bundleScript(page), context)
  const { names, scan } = runInContext('bundled', context)
  expect([...names].sort()).toEqual(Object.keys(apexPackage).sort())
  expect(await scan(new Blob([marketBytes]).stream())).toBe(expected)
})

it('a browser finds the same, in the page and in a worker of it', async ({
  skip,
}) => {
  const chromium = findChromium() ?? skip(browserMissing)
  const script = { type: 'text/javascript' }
  const { entry, files } = await bundleModules(page)
  const modules = [...files].map(
    ([name, body]) => [`/${name}`, { ...script, body }] as const,
  )
  const answer = await openInBrowser(chromium, {
    '/': {
      type: 'text/html',
      body: `<!doctype html><title>APEX</title><script type="module">
        import { scan } from '/${entry}'
        const { body } = await fetch('/market.jsonl.gz')
        const worker = new Worker('/worker.js', { type: 'module' })
        const inWorker = new Promise((resolve, reject) => {
          worker.onmessage = (event) => resolve(event.data)
          worker.onerror = (event) => reject(new Error(event.message))
        })
        const answer = await Promise.all([scan(body), inWorker]).catch(String)
        await fetch('/answer', { method: 'POST', body: JSON.stringify(answer) })
      </script>`,
    },
    '/worker.js': {
      ...script,
      body: `import { scan } from '/${entry}'
        const { body } = await fetch('/market.jsonl.gz')
        postMessage(await scan(body))`,
    },
    ...Object.fromEntries(modules),
    '/market.jsonl.gz': { type: 'application/gzip', body: marketBytes },
  })
  expect(JSON.parse(answer)).toEqual([expected, expected])
})

function toText(found: ScanResult): string {
  return JSON.stringify({ ...found, elapsedMs: 0 }, (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )
}
