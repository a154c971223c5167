import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import type { AnyVariables } from '@urql/core'

import type { Asked } from './parts/Answer'

/** Asks the gateway, again when the variables change. The last answer stays on the page until the next one is there. */
export function useAsked<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  pause = false,
): Asked<Data> & { again: () => void } {
  const [state, again] = useQuery<Data, Variables>({ query, variables, pause })
  // Where the whole answer failed, GraphQL says null.
  return { data: state.data ?? undefined, error: state.error, fetching: state.fetching, again: () => again({ requestPolicy: 'network-only' }) }
}

/** Calls `again` every `seconds` while `isWanted`, as is due while the catalog is being filled or a job runs. */
export function useRepeated(again: () => void, isWanted: boolean, seconds = 3): void {
  useEffect(() => {
    if (!isWanted) return undefined
    const timer = setInterval(again, seconds * 1_000)
    return () => clearInterval(timer)
  })
}
