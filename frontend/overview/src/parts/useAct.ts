import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { AnyVariables } from '@urql/core'
import { useCallback, useState } from 'react'

import { client } from '../client'
import { linesOf } from './Answer'

type Told = { message: string }

/**
 * Runs a mutation, and keeps what went wrong for the reader.
 *
 * `errorsOf` returns the errors of its payload. A mutation that is refused or gets no answer has its own.
 */
export function useAct<Data, Variables extends AnyVariables>(document: TypedDocumentNode<Data, Variables>, errorsOf: (data: Data) => readonly Told[]) {
  const [problems, setProblems] = useState<readonly string[]>([])
  const [isBusy, setBusy] = useState(false)
  const act = useCallback(
    async (variables: Variables): Promise<Data | null> => {
      setBusy(true)
      setProblems([])
      const { data, error } = await client.mutation(document, variables).toPromise()
      setBusy(false)
      setProblems([...(error ? linesOf(error) : []), ...(data ? errorsOf(data).map((each) => each.message) : [])])
      return data ?? null
    },
    // What `errorsOf` does depends on nothing but the document.
    [document],
  )
  return { act, problems, isBusy }
}
