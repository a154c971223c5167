// Apollo Client: a query with variables, an error, a mutation, and an answer in parts, which it merges itself.
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental'

const uri = process.argv[2]

function clientWith(incrementalHandler) {
  return new ApolloClient({ link: new HttpLink({ uri }), cache: new InMemoryCache(), incrementalHandler })
}

const client = clientWith(new GraphQL17Alpha9Handler())

async function errorOf(promise) {
  try {
    return { data: (await promise).data }
  } catch (error) {
    return { known: CombinedGraphQLErrors.is(error), codes: error.errors?.map((each) => each.extensions.code) }
  }
}

// Each state that a view would be shown, until the answer is whole.
function states(given, query, variables) {
  return new Promise((resolve, reject) => {
    const seen = []
    given.watchQuery({ query, variables }).subscribe({
      next: ({ data, networkStatus, dataState }) => {
        seen.push({ dataState, data })
        if (dataState === 'complete' && networkStatus === 7) resolve(seen)
      },
      error: reject,
    })
  })
}

const deferred = gql`
  query Deferred($account: String!) {
    account(key: $account) {
      id
      key
      ... on Account @defer {
        tags { id name }
      }
    }
  }
`
const links = gql`
  query Links($first: Int!) {
    links(first: $first, filter: { accounts: ["tinycc"] }) {
      edges { cursor node { id shortUrl account { id key } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`
const create = gql`
  mutation Create($input: CreateLinkInput!) {
    createLink(input: $input) { created link { id destination } errors { code } }
  }
`
const input = { accounts: ['tinycc'], destination: 'https://www.example.com/apollo' }

console.log(
  JSON.stringify({
    query: (await client.query({ query: links, variables: { first: 3 } })).data,
    invalid: await errorOf(client.query({ query: gql`{ nope }` })),
    wrong: await errorOf(client.query({ query: links, variables: { first: 0 } })),
    mutation: (await client.mutate({ mutation: create, variables: { input } })).data,
    deferred: await states(client, deferred, { account: 'tinycc' }),
    deferredAsIn2022: await states(clientWith(new Defer20220824Handler()), deferred, { account: 'tinycc' }),
  }),
)
