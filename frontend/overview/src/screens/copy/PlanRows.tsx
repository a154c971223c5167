import { graphql } from '../../generated'
import type { CopyPlanRowsQuery } from '../../generated/graphql'
import { words } from '../../format'
import { MoreRows, usePages } from '../../parts/pages'
import { CopyRow } from './CopyRow'

const ROWS = graphql(`
  query CopyPlanRows($id: ID!, $after: String) {
    node(id: $id) {
      ... on CopyPlan {
        id
        rows(first: 50, after: $after) {
          nodes { source state reason lost { field message } target { slug domain } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`)

type Page = Extract<NonNullable<CopyPlanRowsQuery['node']>, { rows: unknown }>['rows']
type Row = Page['nodes'][number]

/** The links of a plan, each with what becomes of it. */
export function PlanRows({ id }: { id: string }) {
  const pages = usePages(ROWS, { id }, ({ node }) => (node && 'rows' in node ? node.rows : null))
  return (
    <MoreRows pages={pages} label="Links of the plan" head={['Link', 'What becomes of it', 'What is lost, or in the way']}>
      {(row) => (
        <CopyRow key={row.source} source={row.source} state={row.state} kind={row.target ? (row.lost.length > 0 ? 'warn' : 'good') : 'bad'}>
          {reasonOf(row)}
        </CopyRow>
      )}
    </MoreRows>
  )
}

function reasonOf(row: Row): string {
  if (row.reason) return row.reason
  if (row.lost.length > 0) return row.lost.map((each) => `${words(each.field)}: ${each.message}`).join('; ')
  return '–'
}
