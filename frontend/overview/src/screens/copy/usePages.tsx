import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { CombinedError } from '@urql/core'
import { type ReactNode, useCallback, useEffect, useState } from 'react'

import { client } from '../../client'
import { Loading, Problems } from '../../parts/Answer'

type Page<Row> = { nodes: readonly Row[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } }
type Variables = { id: string; after?: string | null }
type State<Row> = { rows: readonly Row[]; next: string | null; isFirst: boolean; isBusy: boolean; error?: CombinedError }

export type Pages<Row> = State<Row> & { more: () => void }

/** Reads the rows of a plan or a job, a page at a time. Another `version` begins again; the rows stay until then. */
export function usePages<Data, Row>(document: TypedDocumentNode<Data, Variables>, { id }: { id: string }, pageOf: (data: Data) => Page<Row> | null, version = ''): Pages<Row> {
  const [state, setState] = useState<State<Row>>({ rows: [], next: null, isFirst: true, isBusy: false })
  const read = useCallback(
    async (after: string | null, known: readonly Row[]) => {
      setState((old) => ({ ...old, isBusy: true, error: undefined }))
      const { data, error } = await client.query(document, { id, after }).toPromise()
      const page = data === undefined ? null : pageOf(data)
      const next = page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null
      setState({ rows: page ? [...known, ...page.nodes] : known, next: page ? next : after, isFirst: false, isBusy: false, error })
    },
    [document, id],
  )
  useEffect(() => void read(null, []), [read, version])
  return { ...state, more: () => void read(state.next, state.rows) }
}

type Shown<Row> = { pages: Pages<Row>; label: string; head: readonly string[]; children: (row: Row) => ReactNode }

/** The rows as a table, with a button for more of them. */
export function MoreRows<Row>({ pages, label, head, children }: Shown<Row>) {
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
      {pages.next !== null && pages.error === undefined ? (
        <button type="button" onClick={pages.more} disabled={pages.isBusy}>
          {pages.isBusy ? 'Loading …' : 'Show more'}
        </button>
      ) : null}
    </>
  )
}
