import dns from 'node:dns'
import { isIP } from 'node:net'

/** Once loaded, by an import or by `--import`: no name is found, as where there is no network; addresses are reached as ever. */
type Lookup = (name: string, ...rest: unknown[]) => void

const lookup = dns.lookup as Lookup

dns.lookup = ((name, ...rest) => {
  if (isIP(name)) return lookup(name, ...rest)
  const done = rest.at(-1) as (error: Error) => void
  const error = new Error(`getaddrinfo ENOTFOUND ${name}`)
  process.nextTick(done, Object.assign(error, { code: 'ENOTFOUND' }))
}) satisfies Lookup as typeof dns.lookup
