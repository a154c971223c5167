import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { CombinedError } from '@urql/core'
import { type ReactNode, useCallback, useEffect, useState } from 'react'

import { client } from '../client'
import { Loading, Problems } from './Answer'

type Page<Row> = { nodes: readonly Row[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } }
type State<Data, Row> = { rows: readonly Row[]; data?: Data; next: string | null; isFirst: boolean; isBusy: boolean; error?: CombinedError }

export type Pages<Data, Row> = State<Data, Row> & { more: () => void }

/** Reads a connection a page at a time. Other variables or another `version` begin again; the rows stay until then. */
export function usePages<Data, Row, Variables extends { after?: string | null }>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  pageOf: (data: Data) => Page<Row> | null,
  version = '',
): Pages<Data, Row> {
  const [state, setState] = useState<State<Data, Row>>({ rows: [], next: null, isFirst: true, isBusy: false })
  const question = JSON.stringify(variables)
  const read = useCallback(
    async (after: string | null, known: readonly Row[]) => {
      setState((old) => ({ ...old, isBusy: true, error: undefined }))
      const { data, error } = await client.query(document, { ...JSON.parse(question), after } as Variables).toPromise()
      const page = data ? pageOf(data) : null
      const next = page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null
      setState({ rows: page ? [...known, ...page.nodes] : known, data: data ?? undefined, next: page ? next : after, isFirst: false, isBusy: false, error })
    },
    [document, question],
  )
  useEffect(() => void read(null, []), [read, version])
  return { ...state, more: () => void read(state.next, state.rows) }
}

/** A button for the next page, if there is one. */
export function More<Data, Row>({ pages }: { pages: Pages<Data, Row> }) {
  if (pages.next === null || pages.error !== undefined) return null
  return (
    <button type="button" className="more-button" onClick={pages.more} disabled={pages.isBusy}>
      {pages.isBusy ? 'Loading …' : 'Show more'}
    </button>
  )
}

type Shown<Data, Row> = { pages: Pages<Data, Row>; label: string; head: readonly string[]; children: (row: Row) => ReactNode }

/** The rows as a table, with a button for more of them. */
export function MoreRows<Data, Row>({ pages, label, head, children }: Shown<Data, Row>) {
  if (pages.isFirst) return <Loading height={240} />
  return (
    <>
      <Problems error={pages.error} again={pages.more} />
      <div className="scroll panel flush" tabIndex={0} role="region" aria-label={label}>
        <table className="wide">
          <thead>
            <tr>
              {head.map((each) => (
                <th scope="col" key={each}>
                  {each}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{pages.rows.map(children)}</tbody>
        </table>
      </div>
      <More pages={pages} />
    </>
  )
}
