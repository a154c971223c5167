import { Client, type CombinedError, type Exchange, fetchExchange } from '@urql/core'

export interface LinkweaveOptions {
  /** The address of `/graphql`. */
  url: string
  /** The caller's token, or a function that returns the current one. */
  token?: string | (() => string | undefined)
  /** Exchanges in front of the one that sends, such as a cache. The gateway has a cache of its own. */
  exchanges?: Exchange[]
}

/**
 * Returns an urql client for a gateway. It reads `@defer` and `@stream` in parts, and subscriptions as server-sent
 * events. It repeats no request.
 */
export function createLinkweaveClient({ url, token, exchanges = [] }: LinkweaveOptions): Client {
  return new Client({
    url,
    preferGetMethod: false,
    requestPolicy: 'network-only',
    fetchSubscriptions: true,
    fetch: send,
    fetchOptions: () => {
      const current = typeof token === 'function' ? token() : token
      return current === undefined ? {} : { headers: { authorization: `Bearer ${current}` } }
    },
    exchanges: [...exchanges, fetchExchange],
  })
}

// FOUND: in urql 6, an AbortError stays unhandled if a program unsubscribes inside its callback, and Node then ends. If
// the abort comes a turn later, urql has closed the stream by itself.
function send(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const late = new AbortController()
  init.signal?.addEventListener('abort', () => setTimeout(() => late.abort()))
  const headers = new Headers(init.headers)
  // urql sends files in a form. The gateway takes one only with a header that a page of another origin must ask for.
  if (init.body instanceof FormData) headers.set('GraphQL-Require-Preflight', 'true')
  return fetch(input, { ...init, headers, signal: late.signal })
}

/** Returns the codes of an answer's errors. An answer may have data beside them. */
export function errorCodes(error: CombinedError | undefined): string[] {
  return (error?.graphQLErrors ?? []).map((each) => String(each.extensions['code']))
}
