/**
 * The token that the reader enters when the gateway answers 401.
 *
 * It is kept by this browser tab alone, and is forgotten when the tab is closed.
 */

import { takeEarly } from './early'

const KEY = 'linkweave-token'

/** Returns the token that the reader enters; null if the reader does without. `wasRefused` tells that one was wrong. */
type AskReader = (wasRefused: boolean) => Promise<string | null>

let askReader: AskReader | null = null
let asking: Promise<void> | null = null

/** Names the function that asks the reader. */
export function onTokenNeeded(ask: AskReader): void {
  askReader = ask
}

/** The token of this tab; null if the reader entered none. */
export function currentToken(): string | null {
  return sessionStorage.getItem(KEY)
}

async function askOnce(wasRefused: boolean): Promise<void> {
  asking ??= (async () => {
    const token = (await askReader?.(wasRefused)) ?? null
    if (token === null) sessionStorage.removeItem(KEY)
    else sessionStorage.setItem(KEY, token)
    asking = null
  })()
  return asking
}

/** Asks the reader for a token now, and shows the page again with it. */
export async function enterToken(): Promise<void> {
  const before = currentToken()
  await askOnce(before !== null)
  if (currentToken() !== before) window.location.reload()
}

function withToken(init: RequestInit | undefined, token: string | null): RequestInit {
  const headers = new Headers(init?.headers)
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  return { ...init, headers }
}

/** fetch, which asks the reader for a token at 401 and sends the request again with it. */
export const authorizedFetch: typeof fetch = async (input, init) => {
  for (;;) {
    const used = currentToken()
    const response = await (takeEarly(init?.body) ?? fetch(input, withToken(init, used)))
    if (response.status !== 401) return response
    if (currentToken() === used) await askOnce(used !== null)
    if (currentToken() === null) return response
  }
}
