import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands before a node's WebSocket and spoils what the node says. */
export type WebSocketProxy = {
  readonly port: number
  /**
   * What becomes of a text the node sends: sent on once, several times, or not
   * at all. Connections stay open whatever is returned.
   */
  spoil: (text: string) => readonly string[]
  /** What the opening requests said, their secrets too. */
  readonly openings: string[]
  /** Connections open now. */
  readonly open: ReadonlySet<Socket>
  /** Refuses new connections while set. */
  refuses: boolean
  /** Ends every connection without a goodbye. */
  reset(): void
  close(): void
}

/** @param nodePort of a node on this machine. */
export async function serveWebSocketProxy(
  nodePort: number,
): Promise<WebSocketProxy> {
  const open = new Set<Socket>()
  const server = createServer((client) => {
    if (proxy.refuses) {
      client.destroy()
      return
    }
    const node = connect(nodePort, '127.0.0.1')
    open.add(client)
    const end = () => {
      open.delete(client)
      client.destroy()
      node.destroy()
    }
    for (const side of [client, node]) side.on('error', end).on('close', end)
    let isOpened = false
    client.on('data', (data) => {
      if (isOpened) {
        node.write(data)
        return
      }
      isOpened = true
      const opening = data.toString('latin1')
      proxy.openings.push(opening)
      // The node knows no path but this one.
      node.write(opening.replace(/^GET \S+/, 'GET /'), 'latin1')
    })
    let bytes = Buffer.alloc(0)
    let isAgreed = false
    node.on('data', (data) => {
      bytes = Buffer.concat([bytes, data])
      const agreed = isAgreed ? 0 : bytes.indexOf('\r\n\r\n') + 4
      if (!isAgreed && agreed < 4) return
      client.write(bytes.subarray(0, agreed))
      isAgreed = true
      bytes = bytes.subarray(agreed)
      for (let frame = readFrame(bytes); frame; frame = readFrame(bytes)) {
        const raw = bytes.subarray(0, frame.end)
        bytes = bytes.subarray(frame.end)
        if (frame.text === undefined) client.write(raw)
        else
          for (const text of proxy.spoil(frame.text))
            client.write(textFrame(text))
      }
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const proxy: WebSocketProxy = {
    port: (server.address() as AddressInfo).port,
    spoil: (text) => [text],
    openings: [],
    open,
    refuses: false,
    reset() {
      for (const client of open) client.resetAndDestroy()
    },
    close() {
      proxy.reset()
      server.close()
    },
  }
  return proxy
}

/** One unmasked frame of RFC 6455; undefined where it is not whole yet. `text`: of text frames. */
function readFrame(
  bytes: Buffer,
): { readonly end: number; readonly text: string | undefined } | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 127
  const start = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < start) return undefined
  const length =
    short === 126
      ? bytes.readUInt16BE(2)
      : short === 127
        ? Number(bytes.readBigUInt64BE(2))
        : short
  const end = start + length
  if (bytes.length < end) return undefined
  const isText = (bytes[0]! & 15) === 1
  return { end, text: isText ? bytes.toString('utf8', start, end) : undefined }
}

function textFrame(text: string): Buffer {
  const body = Buffer.from(text)
  const head = Buffer.alloc(10)
  head[0] = 0x81
  head[1] = 127
  head.writeBigUInt64BE(BigInt(body.length), 2)
  if (body.length > 65_535) return Buffer.concat([head, body])
  head[1] = Math.min(body.length, 126)
  head.writeUInt16BE(body.length, 2)
  return Buffer.concat([head.subarray(0, body.length < 126 ? 2 : 4), body])
}
