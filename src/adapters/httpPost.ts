/** A text to send. */
export type HttpRequest = {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
  /** A longer answer is not read to its end; any length will do where left out. */
  readonly mostBytes?: number
}

/** What came back, whatever its status. */
export type HttpAnswer = {
  /** 0 where it leads on to another URL and the platform does not tell more. */
  readonly status: number
  /** The header `Retry-After`. */
  readonly retryAfter: string | undefined
  /** Undefined where it is longer than was asked for. */
  readonly text: string | undefined
}

/**
 * Posts a text and follows no answer to another URL. Rejects with the signal's
 * reason, or with an error whose cause has a `code`; no message of it is told.
 */
export type HttpPost = (
  target: string,
  request: HttpRequest,
) => Promise<HttpAnswer>

/** By the platform's fetch, which keeps its connections open. */
export const fetchPost: HttpPost = async (
  target,
  { headers, body, signal, mostBytes },
) => {
  const response = await fetch(target, {
    method: 'POST',
    headers,
    body,
    // Followed, a key would go to whomever the answer names.
    redirect: 'manual',
    signal,
  })
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after') ?? undefined,
    text:
      mostBytes === undefined
        ? await response.text()
        : await textUpTo(mostBytes, response),
  }
}

/** Undefined where it is longer. */
async function textUpTo(
  mostBytes: number,
  response: Response,
): Promise<string | undefined> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0; ; ) {
    const piece = await reader?.read()
    if (!piece?.value) return text + decoder.decode()
    bytes += piece.value.length
    if (bytes > mostBytes) {
      await reader?.cancel()
      return undefined
    }
    text += decoder.decode(piece.value, { stream: true })
  }
}
