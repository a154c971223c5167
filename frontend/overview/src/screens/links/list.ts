import { graphql } from '../../generated'
import type { LinkListQuery } from '../../generated/graphql'

export const LIST = graphql(`
  query LinkList($first: Int!, $after: String, $filter: LinkFilter, $orderBy: LinkOrder) {
    links(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      nodes {
        id
        shortUrl
        destination
        title
        note
        createdAt
        lastClickAt
        clicks
        archived
        account { key label }
        tags { name }
      }
      edges { clicksInRange }
      totalCount
      pageInfo { hasNextPage endCursor }
      sources { account { key } status error { message } notice asOf }
    }
  }
`)

/** The most links that the gateway gives at once. */
export const PAGE = 100

/** A link, with the clicks by which the list is ordered, if it is ordered so. */
export type Row = LinkListQuery['links']['nodes'][number] & { clicksInRange?: number | null }

/** The rows of a page. */
export function rowsOf({ links }: LinkListQuery): readonly Row[] {
  return links.nodes.map((node, index) => ({ ...node, clicksInRange: links.edges[index]?.clicksInRange }))
}
