// A fragment that arrives later, and one that fails.
import { graphql } from 'relay-runtime'

export const facts = graphql`
  fragment parts_facts on Account { label webhooks(first: 1) { nodes { url } } }
`

export const fails = graphql`
  fragment parts_fails on Account { links(first: 0) { pageInfo { hasNextPage } } }
`

export const factsQuery = graphql`
  query partsFactsQuery($account: String!) {
    account(key: $account) { id key ...parts_facts @defer(label: "facts") }
  }
`

export const failsQuery = graphql`
  query partsFailsQuery($account: String!) {
    account(key: $account) { id key ...parts_fails @defer(label: "fails") }
  }
`
