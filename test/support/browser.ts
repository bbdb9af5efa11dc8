import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']

/** A Chromium of this machine: env APEX_CHROMIUM, or the first in PATH. */
export function findChromium(): string | undefined {
  const { APEX_CHROMIUM, PATH = '' } = process.env
  if (APEX_CHROMIUM) return APEX_CHROMIUM
  return PATH.split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file))
}

/** Why a test without a browser is skipped. */
export const browserMissing =
  'no Chromium in PATH (APEX_CHROMIUM names one elsewhere)'

/** A file of a page by its path: `/`, `/bundle.js`. */
export type Site = Readonly<
  Record<string, { readonly type: string; readonly body: string | Uint8Array }>
>

/**
 * Opens a site in a headless browser and returns what its page posts to
 * `/answer`.
 */
export async function openInBrowser(
  chromium: string,
  site: Site,
): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'apex-browser-'))
  const { server, url, answer } = await serve(site)
  const browser = spawn(chromium, [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    `--user-data-dir=${profile}`,
    url,
  ])
  let log = ''
  browser.stderr.on('data', (data) => {
    log += data
  })
  const gone = new Promise<void>((resolve) => {
    browser.once('exit', () => resolve()).once('error', () => resolve())
  })
  try {
    const early = gone.then(() => {
      throw new Error(`the browser went away before it answered\n${log}`)
    })
    return await Promise.race([answer, early])
  } finally {
    browser.kill()
    await gone
    server.close()
    server.closeAllConnections()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function serve(site: Site) {
  let resolveAnswer: (text: string) => void
  const answer = new Promise<string>((resolve) => {
    resolveAnswer = resolve
  })
  const server = createServer(async (request, response) => {
    if (request.url === '/answer') resolveAnswer(await bodyOf(request))
    const file = site[request.url!]
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? '' })
    response.end(file?.body)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return { server, url: `http://127.0.0.1:${port}/`, answer }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of request.setEncoding('utf8')) text += piece
  return text
}
