import { words } from '../../format'
import { graphql } from '../../generated'
import type { JobRowState } from '../../generated/graphql'
import { MoreRows, usePages } from '../../parts/pages'

const ROWS = graphql(`
  query CopyJobRows($id: ID!, $after: String) {
    job(id: $id) {
      id
      rows(first: 50, after: $after) {
        nodes { source state shortUrl error }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`)

const KINDS: Record<JobRowState, string> = { WAITING: '', STARTED: '', CREATED: 'warn', DONE: 'good', FAILED: 'bad', AMBIGUOUS: 'warn' }

/** The links of a copy, each with its copy or with what went wrong. Another `version` reads the first of them again. */
export function JobRows({ id, version }: { id: string; version: string }) {
  const pages = usePages(ROWS, { id }, ({ job }) => job?.rows ?? null, version)
  return (
    <MoreRows pages={pages} label="Links of the copy" head={['Link', 'State', 'Copy']}>
      {(row) => (
        <tr key={row.source}>
          <th scope="row" className="long">
            {row.source.replace(/^https?:\/\//, '')}
          </th>
          <td>
            <span className={`badge ${KINDS[row.state]}`}>{words(row.state)}</span>
          </td>
          <td className="long">
            {row.shortUrl ? <a href={row.shortUrl}>{row.shortUrl.replace(/^https?:\/\//, '')}</a> : null} {row.error ?? (row.shortUrl ? '' : '–')}
          </td>
        </tr>
      )}
    </MoreRows>
  )
}
