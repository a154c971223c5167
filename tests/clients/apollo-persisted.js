// Apollo Client with automatic persisted queries: what it sends, and that it gets its answers.
import { createHash } from 'node:crypto'
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'

const uri = process.argv[2]
const sha256 = (text) => createHash('sha256').update(text).digest('hex')

// Runs the same query with two values of its variable, and tells what was sent for it.
async function run(useGETForHashedQueries) {
  const sent = []
  const http = new HttpLink({
    uri,
    fetch: async (address, options) => {
      const answer = await fetch(address, options)
      const text = options.body ?? new URL(address).search
      const whole = /query"?[:=]/.test(text.replace('persistedQuery', ''))
      sent.push({ method: options.method, whole, status: answer.status })
      return answer
    },
  })
  const link = ApolloLink.from([new PersistedQueryLink({ sha256, useGETForHashedQueries }), http])
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  const query = useGETForHashedQueries
    ? gql`query ByAddress($key: String!) { account(key: $key) { id key } }`
    : gql`query ByBody($key: String!) { account(key: $key) { id key } }`
  const keys = []
  for (const key of ['tinycc', 'cuttly']) {
    keys.push((await client.query({ query, variables: { key } })).data.account.key)
  }
  return { keys, sent }
}

console.log(JSON.stringify({ body: await run(false), address: await run(true) }))
