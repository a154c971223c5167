import { Client, fetchExchange } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'

import { authorizedFetch } from './token'

/** The hash by which the gateway knows a document: the code generator writes "sha256:" before it. */
export function hashOf(document: object): string {
  return (document as { __meta__?: { hash?: string } }).__meta__?.hash?.replace('sha256:', '') ?? ''
}

/**
 * The client of the gateway that serves this page.
 *
 * Each document is sent as its hash alone: the gateway knows this page's documents, also where it trusts no others.
 * There is no cache here. The gateway has one, and its answers say how old they are.
 */
export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  requestPolicy: 'network-only',
  fetch: authorizedFetch,
  fetchOptions: { headers: { accept: 'application/graphql-response+json, application/json;q=0.9' } },
  exchanges: [
    persistedExchange({
      enforcePersistedQueries: true,
      enableForMutation: true,
      preferGetForPersistedQueries: false,
      generateHash: async (_, document) => hashOf(document),
    }),
    fetchExchange,
  ],
})
