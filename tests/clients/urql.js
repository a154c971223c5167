// urql: a query with variables, an error, a mutation, and an answer in parts.
import { Client, cacheExchange, fetchExchange, gql } from '@urql/core'

const client = new Client({ url: process.argv[2], exchanges: [cacheExchange, fetchExchange], preferGetMethod: false })
const byAddress = new Client({ url: process.argv[2], exchanges: [fetchExchange], preferGetMethod: 'force' })

const links = gql`
  query Links($first: Int!) {
    links(first: $first, filter: { accounts: ["tinycc"] }) { nodes { id shortUrl } }
  }
`
const create = gql`
  mutation Create($input: CreateLinkInput!) {
    createLink(input: $input) { created link { id destination } errors { code } }
  }
`
const parts = gql`
  query Parts {
    links(first: 4, filter: { accounts: ["tinycc"] }) {
      edges @stream(initialCount: 1) { cursor node { id } }
    }
    account(key: "tinycc") {
      key
      ... on Account @defer { tags { name } }
    }
  }
`

function summary({ data, error }) {
  const codes = error?.graphQLErrors.map((each) => each.extensions.code)
  return { data: data ?? null, codes, network: error?.networkError?.message }
}

// Each state that a view would be shown, until the answer is whole.
function states(query) {
  return new Promise((resolve) => {
    const seen = []
    client.query(query, {}).subscribe((result) => {
      seen.push(summary(result))
      if (!result.hasNext) resolve(seen)
    })
  })
}

const input = { accounts: ['tinycc'], destination: 'https://www.example.com/urql' }

console.log(
  JSON.stringify({
    query: summary(await client.query(links, { first: 3 }).toPromise()),
    byAddress: summary(await byAddress.query(links, { first: 3 }).toPromise()),
    invalid: summary(await client.query(gql`{ nope }`, {}).toPromise()),
    wrong: summary(await client.query(links, { first: 0 }).toPromise()),
    mutation: summary(await client.mutation(create, { input }).toPromise()),
    parts: await states(parts),
  }),
)
