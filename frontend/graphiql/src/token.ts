/**
 * The token that the reader enters when the gateway answers 401.
 *
 * It is kept in this page's memory alone: neither storage nor history has it, and a reload forgets it.
 */

/** Returns the token that the reader enters; null if the reader does without. `wasRefused` tells that one was wrong. */
type AskReader = (wasRefused: boolean) => Promise<string | null>

let token: string | null = null
let isUnwanted = false
let asking: Promise<void> | null = null
let askReader: AskReader | null = null

/** Names the function that shows the prompt. */
export function onTokenNeeded(ask: AskReader): void {
  askReader = ask
}

async function askOnce(wasRefused: boolean): Promise<void> {
  asking ??= (async () => {
    token = (await askReader?.(wasRefused)) ?? null
    isUnwanted = token === null
    asking = null
  })()
  return asking
}

/** Returns what a WebSocket says first: the token, as the header of a request would have it. */
export function connectionParameters(): Record<string, string> {
  return token === null ? {} : { Authorization: `Bearer ${token}` }
}

/** Asks for another token, also if the reader did without before. */
export async function changeToken(): Promise<void> {
  await askOnce(false)
}

function withToken(init: RequestInit | undefined, used: string | null): RequestInit {
  const headers = new Headers(init?.headers)
  if (used !== null && !headers.has('authorization')) headers.set('authorization', `Bearer ${used}`)
  return { ...init, headers }
}

/** fetch, which asks the reader for a token at 401 and sends the request again with it. */
export const authorizedFetch: typeof fetch = async (input, init) => {
  for (;;) {
    const used = token
    const response = await fetch(input, withToken(init, used))
    // With a header of the reader's own, the prompt would change nothing.
    if (response.status !== 401 || isUnwanted || new Headers(init?.headers).has('authorization')) return response
    if (token === used) await askOnce(used !== null)
    if (token === null) return response
  }
}
