import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { AnyVariables, CombinedError } from '@urql/core'
import { useState } from 'react'

import { client } from '../client'
import { linesOf } from './Answer'

type Told = { message: string }

type Answered<Data> = { data?: Data; error?: CombinedError }
type Act<Data, Sent extends unknown[]> = { act: (...sent: Sent) => Promise<Data | null>; problems: readonly string[]; isBusy: boolean }

/** Runs what `send` sends, and keeps what went wrong for the reader. `errorsOf` returns the errors of an answer's payload. */
export function useSend<Data, Sent extends unknown[]>(send: (...sent: Sent) => Promise<Answered<Data>>, errorsOf: (data: Data) => readonly Told[]): Act<Data, Sent> {
  const [problems, setProblems] = useState<readonly string[]>([])
  const [isBusy, setBusy] = useState(false)

  async function act(...sent: Sent): Promise<Data | null> {
    setBusy(true)
    setProblems([])
    const { data, error } = await send(...sent)
    setBusy(false)
    setProblems([...(error ? linesOf(error) : []), ...(data ? errorsOf(data).map((each) => each.message) : [])])
    return data ?? null
  }
  return { act, problems, isBusy }
}

/** Runs a mutation, and keeps what went wrong for the reader. */
export function useAct<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  errorsOf: (data: Data) => readonly Told[],
): Act<Data, [Variables]> {
  return useSend((variables: Variables) => client.mutation(document, variables).toPromise(), errorsOf)
}
