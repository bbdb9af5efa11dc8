/** What hides in a URL must be this long before it is looked for in other texts. */
const leastSecretLength = 6

/**
 * Reads an `http:` or `https:` URL; undefined where the text is none. Unlike
 * `new URL` it throws nothing that repeats the text, which may hold a key.
 */
export function parseRpcUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'http:' || url?.protocol === 'https:'
    ? url
    : undefined
}

/** Reads a `ws:` or `wss:` URL, as {@link parseRpcUrl} those of HTTP. */
export function parseWebSocketUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'ws:' || url?.protocol === 'wss:' ? url : undefined
}

/**
 * By which a person knows the node: an address or a short name with its port,
 * of a longer name the end only, for some providers put the key before it.
 *
 * @example
 * providerOf(new URL('https://KEY.eth.rpc.example.cloud/v3/KEY')) // '….example.cloud'
 */
export function providerOf({ host, hostname }: URL): string {
  const labels = hostname.split('.')
  const isAddress = hostname.startsWith('[') || /^\d+$/.test(labels.at(-1)!)
  if (isAddress || labels.length <= 2) return host
  return `….${labels.slice(-2).join('.')}${host.slice(hostname.length)}`
}

/** A text from outside, with the URL and whatever in it may be a key replaced by `…`. */
export function withoutUrl(text: string, url: URL): string {
  const { href, pathname, search, username, password, hash } = url
  const parts = [
    href,
    ...pathname.split('/'),
    ...[...url.searchParams].flat(),
    ...search.slice(1).split('&'),
    username,
    password,
    // What a node was sent of them.
    withoutCredentials(url).headers.authorization?.split(' ')[1] ?? '',
    hash.slice(1),
  ].flatMap((part) => [part, decoded(part)])
  return parts
    .filter(({ length }) => length >= leastSecretLength)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, part) => rest.replaceAll(part, '…'), text)
}

/**
 * The URL without name and password, and these as a header (RFC 7617): fetch
 * refuses such URLs and repeats them in its error.
 */
export function withoutCredentials(url: URL): {
  readonly target: string
  readonly headers: Readonly<{ authorization?: string }>
} {
  const target = new URL(url)
  target.username = ''
  target.password = ''
  const name = decoded(url.username)
  const login = new TextEncoder().encode(`${name}:${decoded(url.password)}`)
  return {
    target: target.href,
    headers:
      login.length > 1
        ? { authorization: `Basic ${btoa(String.fromCharCode(...login))}` }
        : {},
  }
}

/** A part of a URL as it was meant, or as it is where it is malformed. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
