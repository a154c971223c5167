// What a Relay app over Linkweave has: a list that grows by pages, and a link that is fetched again by its id.
import { graphql } from 'relay-runtime'

export const query = graphql`
  query linksQuery($first: Int!) {
    ...links_list @arguments(first: $first)
  }
`

export const list = graphql`
  fragment links_list on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" })
  @refetchable(queryName: "linksPageQuery") {
    links(first: $first, after: $after) @connection(key: "links_links") {
      edges { node { id ...links_row } }
    }
  }
`

export const row = graphql`
  fragment links_row on Link @refetchable(queryName: "linksRowQuery") {
    shortUrl
    title
    account { key }
  }
`
