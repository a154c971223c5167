import { useCallback, useEffect, useRef, useState } from 'react'

import { client } from '../../client'
import type { LinkListQuery, LinkListQueryVariables } from '../../generated/graphql'
import type { Asked } from '../../parts/Answer'
import { LIST, PAGE, type Row, rowsOf } from './list'

export type Question = Omit<LinkListQueryVariables, 'after' | 'first'>
export type Listed = Asked<LinkListQuery> & { rows: readonly Row[]; more: () => void; again: () => void }

type State = { rows: readonly Row[] } & Asked<LinkListQuery>

/** Reads a list page by page, as the reader comes near its end. The rows stay until the first ones of another list are there. */
export function useList(question: Question, isWanted: boolean): Listed {
  const text = JSON.stringify(question)
  const [state, setState] = useState<State>({ rows: [], fetching: true })
  const running = useRef('')

  const read = useCallback(
    async (after: string | null, known: readonly Row[]) => {
      const id = `${text}${after ?? ''}`
      if (running.current === id) return
      running.current = id
      setState((old) => ({ ...old, error: undefined, fetching: true }))
      const { data, error } = await client.query(LIST, { ...(JSON.parse(text) as Question), first: PAGE, after }).toPromise()
      if (running.current !== id) return
      running.current = ''
      setState((old) => ({ rows: data ? [...known, ...rowsOf(data)] : known, data: data ?? (known.length > 0 ? old.data : undefined), error, fetching: false }))
    },
    [text],
  )

  useEffect(() => {
    if (isWanted) void read(null, [])
  }, [read, isWanted])

  const page = state.data?.links.pageInfo
  const next = useCallback(() => void read(page?.endCursor ?? null, state.rows), [page, read, state.rows])
  const more = useCallback(() => {
    if (page?.hasNextPage && running.current === '' && !state.error) next()
  }, [next, page, state.error])
  return { ...state, more, again: next }
}
