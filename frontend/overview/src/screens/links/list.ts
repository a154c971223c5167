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
      totalCount
      pageInfo { hasNextPage endCursor }
      sources { account { key } status error { message } notice asOf }
    }
  }
`)

/** The most links that the gateway gives at once. */
export const PAGE = 100

export type Row = LinkListQuery['links']['nodes'][number]
