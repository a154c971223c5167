// An answer in parts, one of which fails, as each client merges it: its last data, and the codes of its errors.
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { Defer20220824Handler, GraphQL17Alpha2Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental'
import { Client, fetchExchange } from '@urql/core'
import apollo3 from 'apollo-client-3/core/core.cjs'

const uri = process.argv[2]
const text = `
  query Parts($account: String!) {
    account(key: $account) {
      id
      key
      ... on Account @defer(label: "Parts$defer$facts") { label webhooks(first: 1) { nodes { url } } }
      ... on Account @defer(label: "Parts$defer$fails") { links(first: 0) { pageInfo { hasNextPage } } }
    }
  }
`
const variables = { account: 'tinycc' }

const codesOf = (errors) => (errors ?? []).map((each) => each.extensions.code)

// The first state with the part that arrives, once the part that fails was heard of. Apollo Client 3 writes the null of
// the failed part over the object that it had, and tells no later state.
function lastState(client, query) {
  return new Promise((resolve, reject) => {
    const codes = new Set()
    const observable = client.watchQuery({ query, variables, errorPolicy: 'all', fetchPolicy: 'no-cache' })
    observable.subscribe({
      next: ({ data, error, errors }) => {
        codesOf(errors ?? error?.errors ?? error?.graphQLErrors).forEach((code) => codes.add(code))
        if (codes.size > 0 && (data?.account === null || data?.account?.webhooks)) resolve({ data, codes: [...codes] })
      },
      error: reject,
    })
  })
}

function apollo4(incrementalHandler) {
  const client = new ApolloClient({ link: new HttpLink({ uri }), cache: new InMemoryCache(), incrementalHandler })
  return lastState(client, gql(text))
}

function apolloClient3() {
  const { ApolloClient: Client3, HttpLink: Link3, InMemoryCache: Cache3, gql: gql3 } = apollo3
  return lastState(new Client3({ link: new Link3({ uri, fetch }), cache: new Cache3() }), gql3(text))
}

function urql() {
  const client = new Client({ url: uri, exchanges: [fetchExchange], preferGetMethod: false })
  return new Promise((resolve) => {
    client.query(text, variables).subscribe(({ data, error, hasNext }) => {
      if (!hasNext) resolve({ data, codes: codesOf(error?.graphQLErrors) })
    })
  })
}

console.log(
  JSON.stringify({
    Defer20220824Handler: await apollo4(new Defer20220824Handler()),
    GraphQL17Alpha2Handler: await apollo4(new GraphQL17Alpha2Handler()),
    GraphQL17Alpha9Handler: await apollo4(new GraphQL17Alpha9Handler()),
    apolloClient3: await apolloClient3(),
    urql: await urql(),
  }),
)
process.exit(0)
