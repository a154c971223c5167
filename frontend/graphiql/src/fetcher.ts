import { createGraphiQLFetcher, getSelectedOperationName } from '@graphiql/toolkit'
import type { Fetcher, FetcherParams } from '@graphiql/toolkit'
import { Kind, parse } from 'graphql'
import { createClient } from 'graphql-ws'

import { authorizedFetch, connectionParameters } from './token'

function operationsIn(query: string) {
  try {
    return parse(query, { noLocation: true }).definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
  } catch {
    return null // The endpoint says what is wrong with it.
  }
}

/**
 * The request with the name of an operation that is in it.
 *
 * GraphiQL takes the operation from its editor 100 ms after the text has changed; who opens a tab and runs it before that
 * would send the name of the operation in the tab before (FOUND, 5.4.0).
 */
function consistent(params: FetcherParams): FetcherParams {
  const operations = params.operationName == null ? null : operationsIn(params.query)
  return operations === null
    ? params
    : { ...params, operationName: getSelectedOperationName(undefined, params.operationName ?? undefined, operations) }
}

const send = createGraphiQLFetcher({
  url: window.location.pathname,
  fetch: authorizedFetch,
  // Subscriptions go over a WebSocket, which is opened with the first of them.
  wsClient: createClient({
    url: `${window.location.origin.replace('http', 'ws')}${window.location.pathname}`,
    connectionParams: connectionParameters,
  }),
  headers: { accept: 'multipart/mixed; deferSpec=20220824, application/graphql-response+json, application/json' },
})

/** How the page asks the endpoint that serves it. */
export const fetcher: Fetcher = (params, options) => send(consistent(params), options)
