// graphql-request: a query with variables, errors under either status, and a mutation.
import { ClientError, GraphQLClient, gql } from 'graphql-request'

const client = new GraphQLClient(process.argv[2])
const byAddress = new GraphQLClient(process.argv[2], { method: 'GET', jsonSerializer: JSON })

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

async function errorOf(promise) {
  try {
    return { data: await promise }
  } catch (error) {
    const { status, errors } = error.response ?? {}
    return { known: error instanceof ClientError, status, codes: errors?.map((each) => each.extensions.code) }
  }
}

const input = { accounts: ['tinycc'], destination: 'https://www.example.com/graphql-request' }

console.log(
  JSON.stringify({
    query: await client.request(links, { first: 3 }),
    byAddress: await byAddress.request(links, { first: 3 }),
    invalid: await errorOf(client.request('{ nope }')),
    wrong: await errorOf(client.request(links, { first: 0 })),
    mutation: await client.request(create, { input }),
  }),
)
