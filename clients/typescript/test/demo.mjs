// Reads, a write, an upload, a refusal, an answer in parts and a subscription, against the gateway of the first argument.
import {
  CreateLinkDocument,
  FindLinksDocument,
  GetLinkDocument,
  LinkChangesDocument,
  UploadFileDocument,
  createLinkweaveClient,
  errorCodes,
} from '@linkweave/client'

const client = createLinkweaveClient({ url: process.argv[2], token: () => 'any' })
const filter = { accounts: ['tinycc'] }
const parts = 'query { account(key: "tinycc") { key ... on Account @defer { tags { name } } } }'

function statesOf(query) {
  return new Promise((resolve) => {
    const states = []
    client.query(query, {}).subscribe(({ data, hasNext }) => {
      states.push(Object.keys(data.account))
      if (!hasNext) resolve(states)
    })
  })
}

// An `after` that the gateway does not know is told as a gap first: then the subscription has begun.
function toldOfCreate() {
  return new Promise((resolve) => {
    const told = []
    let made
    client.subscription(LinkChangesDocument, { filter, after: 'nothing' }).subscribe(async ({ data }) => {
      told.push({ kind: data.linkChanges.kind, linkId: data.linkChanges.linkId })
      if (data.linkChanges.kind === 'GAP') {
        const input = { accounts: ['tinycc'], destination: 'https://www.example.com/typescript' }
        made = client.mutation(CreateLinkDocument, { input }).toPromise()
      }
      const { createLink } = (await made).data
      if (told.some(({ linkId }) => linkId === createLink.link.id)) resolve({ told, createLink })
    })
  })
}

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNg+M9QDwADggGAwGVm9gAAAABJRU5ErkJggg=='
const file = new File([Buffer.from(png, 'base64')], 'dot.png', { type: 'image/png' })
const upload = await client.mutation(UploadFileDocument, { input: { account: 'chevereto', file } }).toPromise()
const page = await client.query(FindLinksDocument, { first: 3, filter }).toPromise()
const refused = await client.query(GetLinkDocument, { id: 'nothing' }).toPromise()
const result = {
  links: page.data.links.nodes.length,
  upload: upload.data.uploadFile,
  refused: { data: refused.data, codes: errorCodes(refused.error) },
  parts: await statesOf(parts),
  ...(await toldOfCreate()),
}
console.log(JSON.stringify(result))
process.exit(0)
