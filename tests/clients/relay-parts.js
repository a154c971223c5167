// Relay's runtime over compiled queries whose fragments are deferred: what its store has, and what its observer hears.
import { pathToFileURL } from 'node:url'
import relay from 'relay-runtime'

const { Environment, Network, Observable, RecordSource, Store, createOperationDescriptor, getSingularSelector } = relay
const [uri, folder] = process.argv.slice(2)
const accept = 'multipart/mixed;deferSpec=20220824, application/json'

// The parts of a response, as Relay's network layer hands them on: each with its own label and path.
async function* payloads(response) {
  const text = await response.text()
  for (const piece of text.split(/\r\n---(?:--)?/)) {
    const body = piece.split('\r\n\r\n')[1]
    if (body === undefined) continue
    const { data, incremental, hasNext } = JSON.parse(body)
    if (data !== undefined) yield { data, extensions: { is_final: !hasNext } }
    for (const item of incremental ?? []) yield { ...item, extensions: { is_final: !hasNext } }
  }
}

function request({ text }, variables) {
  return Observable.create((sink) => {
    const headers = { accept, 'content-type': 'application/json' }
    fetch(uri, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) })
      .then(async (response) => {
        for await (const payload of payloads(response)) sink.next(payload)
        sink.complete()
      })
      .catch((error) => sink.error(error))
  })
}

async function load(name) {
  return (await import(pathToFileURL(`${folder}/${name}.graphql.js`))).default
}

async function run(queryName, fragmentName) {
  const environment = new Environment({ network: Network.create(request), store: new Store(new RecordSource()) })
  const operation = createOperationDescriptor(await load(queryName), { account: 'tinycc' })
  const error = await new Promise((resolve) => {
    environment.execute({ operation }).subscribe({ complete: () => resolve(null), error: resolve })
  })
  const { account } = environment.lookup(operation.fragment).data
  const fragment = environment.lookup(getSingularSelector(await load(fragmentName), account)).data
  return { error: error?.message ?? null, codes: error?.source?.errors.map((each) => each.extensions.code), key: account.key, fragment }
}

console.log(
  JSON.stringify({
    facts: await run('partsFactsQuery', 'parts_facts'),
    fails: await run('partsFailsQuery', 'parts_fails'),
  }),
)
