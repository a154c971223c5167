import { withoutScheme } from '../../format'
import { graphql } from '../../generated'
import type { JobRowState } from '../../generated/graphql'
import { MoreRows, usePages } from '../../parts/pages'
import { CopyRow } from './CopyRow'

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

const KINDS: Record<JobRowState, 'good' | 'warn' | 'bad' | ''> = { WAITING: '', STARTED: '', CREATED: 'warn', DONE: 'good', FAILED: 'bad', AMBIGUOUS: 'warn' }

/** The links of a copy, each with its copy or with what went wrong. Another `version` reads the first of them again. */
export function JobRows({ id, version }: { id: string; version: string }) {
  const pages = usePages(ROWS, { id }, ({ job }) => job?.rows ?? null, version)
  return (
    <MoreRows pages={pages} label="Links of the copy" head={['Link', 'State', 'Copy']}>
      {(row) => (
        <CopyRow key={row.source} source={row.source} state={row.state} kind={KINDS[row.state]}>
          {row.shortUrl ? <a href={row.shortUrl}>{withoutScheme(row.shortUrl)}</a> : null} {row.error ?? (row.shortUrl ? '' : '–')}
        </CopyRow>
      )}
    </MoreRows>
  )
}
