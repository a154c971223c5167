import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { createClient, type SubscribePayload } from 'graphql-ws'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'

import { hashOf } from './client'
import { currentToken } from './token'

const MOST_SECONDS_BETWEEN_ATTEMPTS = 15

/** What has become of a subscription. */
export type Connection = { state: 'CONNECTING' | 'LIVE' | 'LOST' | 'ENDED'; reason?: string }

type Result<Data> = { data?: Data | null; errors?: readonly { message: string }[] }

/** One WebSocket for all subscriptions. It is opened for the first one, and opened again whenever it is lost. */
const socket = createClient({
  url: `${window.location.protocol === 'https:' ? 'wss' : 'ws'}://${window.location.host}/graphql`,
  connectionParams: () => {
    const token = currentToken()
    return token === null ? {} : { Authorization: `Bearer ${token}` }
  },
  retryAttempts: Number.POSITIVE_INFINITY,
  // An Error comes from this page, and would come again.
  shouldRetry: (problem) => !(problem instanceof Error),
  // Random, so that not all pages come back at once after a restart.
  retryWait: (attempts) =>
    new Promise((resolve) => setTimeout(resolve, Math.min(2 ** attempts, MOST_SECONDS_BETWEEN_ATTEMPTS) * (500 + Math.random() * 500))),
  keepAlive: 20_000,
})

let socketState: Connection['state'] = 'CONNECTING'
const listeners = new Set<() => void>()

function follow(state: Connection['state']): () => void {
  return () => {
    socketState = state
    for (const listener of listeners) listener()
  }
}

socket.on('connected', follow('LIVE'))
socket.on('closed', follow('LOST'))

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * Calls `take` for each event of a subscription, and returns what has become of it.
 *
 * After a lost connection, the events behind the last one are asked for: the variable `after` gets what `placeOf`
 * returns. What the gateway does not have any more comes as a gap. While `pause`, nothing is asked for.
 */
export function useEvents<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  take: (data: Data) => void,
  { placeOf, pause = false }: { placeOf?: (data: Data) => string; pause?: boolean } = {},
): Connection {
  const [end, setEnd] = useState<string | null>(null)
  const state = useSyncExternalStore(subscribe, () => socketState)
  const latest = useRef({ take, placeOf })
  latest.current = { take, placeOf }
  const question = JSON.stringify(variables)

  useEffect(() => {
    setEnd(null)
    if (pause) return undefined
    const known = JSON.parse(question) as Record<string, unknown>
    // The client sends the same payload again when it comes back.
    const stop = socket.subscribe<Data>(payloadOf(document, known), {
      next: ({ data, errors }: Result<Data>) => {
        if (!data) return setEnd(errors?.map((each) => each.message).join(' ') ?? '')
        if (latest.current.placeOf) known['after'] = latest.current.placeOf(data)
        latest.current.take(data)
      },
      error: (problem) => setEnd(reasonOf(problem)),
      complete: () => undefined,
    })
    return stop
  }, [document, question, pause])
  return end === null ? { state } : { state: 'ENDED', reason: end }
}

function payloadOf(document: object, variables: Record<string, unknown>): SubscribePayload {
  const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(document) } }
  // The package wants a text. The gateway takes the document from the hash.
  return { query: '', variables, extensions }
}

function reasonOf(problem: unknown): string {
  if (problem instanceof CloseEvent) return problem.reason || `The connection was closed with the code ${problem.code}.`
  if (Array.isArray(problem)) return problem.map((each: { message?: string }) => each.message ?? '').join(' ')
  return problem instanceof Error ? problem.message : 'The connection cannot be made.'
}
