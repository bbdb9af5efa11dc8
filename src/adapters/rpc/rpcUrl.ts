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
    hash.slice(1),
  ].flatMap((part) => [part, decoded(part)])
  return parts
    .filter(({ length }) => length >= leastSecretLength)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, part) => rest.replaceAll(part, '…'), text)
}

/** A part of a URL as it was meant, or as it is where it is malformed. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
