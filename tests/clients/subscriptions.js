// Subscribers of the packages that applications use, over each transport, all in this process.
//
// It prints "reload" when the server is to end all streams and let clients come back, and at last what each has seen.
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { Client as UrqlClient, fetchExchange, gql as urqlGql } from '@urql/core'
import { createClient as createSseClient } from 'graphql-sse'
import { createClient as createWsClient } from 'graphql-ws'
import WebSocket from 'ws'

const [url, token] = process.argv.slice(2)
const query = `
  subscription Created($kinds: [ChangeKind!], $after: ID) {
    linkChanges(kinds: $kinds, after: $after) { id kind link { destination } }
  }
`
const bearing = (given) => (given ? { Authorization: `Bearer ${given}` } : {})

// Each function subscribes, and returns what ends the subscription. `events` is called with each answer, and `ended`
// with the reason for which the server has ended it. `variables` may change until the client comes back.
const subscribers = {
  // The package comes back by itself, and sends the variables anew.
  graphqlWs({ given, variables, events, ended, resumed }) {
    const client = createWsClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: bearing(given),
      retryWait: () => resumed,
      on: { closed: (event) => event.code !== 1000 && ended(event.code) },
    })
    const leave = client.subscribe({ query, variables }, { next: events, error: () => {}, complete: () => {} })
    return () => (leave(), client.dispose())
  },
  graphqlSse({ given, variables, events, ended }) {
    const client = createSseClient({ url, headers: bearing(given), retryAttempts: 0 })
    return client.subscribe(
      { query, variables },
      {
        next: (answer) => (answer.errors ? ended(codeOf(answer.errors)) : events(answer)),
        error: (error) => ended(error.response?.status ?? codeOf(error)),
        complete: () => {},
      },
    )
  },
  apollo({ given, variables, events, ended }) {
    const link = new HttpLink({ uri: url, headers: bearing(given) })
    const client = new ApolloClient({ link, cache: new InMemoryCache() })
    const failed = (error) => ended(error.statusCode ?? codeOf(error.errors))
    const subscription = client
      .subscribe({ query: gql(query), variables: { ...variables }, fetchPolicy: 'no-cache' })
      .subscribe({ next: (answer) => (answer.error ? failed(answer.error) : events(answer)), error: failed })
    return () => subscription.unsubscribe()
  },
  urql({ given, variables, events, ended }) {
    const fetchOptions = { headers: bearing(given) }
    const transport = { exchanges: [fetchExchange], fetchSubscriptions: true, preferGetMethod: false }
    const client = new UrqlClient({ url, ...transport, fetchOptions })
    const failed = ({ graphQLErrors, response }) => ended(response?.status === 401 ? 401 : codeOf(graphQLErrors))
    // It tells the last answer again when the stream is complete.
    const { unsubscribe } = client.subscription(urqlGql(query), { ...variables }).subscribe((answer) => {
      if (!answer.error) return events(answer)
      if (answer.hasNext || answer.error.response?.status === 401) failed(answer.error)
    })
    return unsubscribe
  },
}

const codeOf = (errors) => errors?.[0]?.extensions?.code ?? String(errors)

async function create(destination) {
  const mutation = `mutation Create($input: CreateLinkInput!) { createLink(input: $input) { errors { message } } }`
  const body = JSON.stringify({ query: mutation, variables: { input: { accounts: ['tinycc'], destination } } })
  const headers = { 'Content-Type': 'application/json', ...bearing(token) }
  const { data } = await (await fetch(url, { method: 'POST', headers, body })).json()
  if (data.createLink.errors.length > 0) throw new Error(JSON.stringify(data.createLink.errors))
  created.push(destination)
}

async function until(isSo) {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}

// One subscriber that comes back, with the id of the last event that it has, once `resumed` is kept.
class Follower {
  constructor(subscribe) {
    Object.assign(this, { subscribe, seen: [], kinds: new Set(), ends: [], variables: { kinds: ['CREATED'], after: null } })
    this.resumed = new Promise((resolve) => (this.resume = resolve))
    this.start()
  }

  start() {
    const events = ({ data }) => {
      const { id, kind, link } = data.linkChanges
      this.variables.after = id
      this.kinds.add(kind)
      if (link?.destination.startsWith('https://js.example.com/')) this.seen.push(link.destination)
    }
    const ended = async (reason) => {
      this.ends.push(reason)
      await this.resumed
      if (this.subscribe !== subscribers.graphqlWs) this.start()
    }
    this.leave = this.subscribe({ given: token, variables: this.variables, events, ended, resumed: this.resumed })
  }
}

function refused(subscribe) {
  return new Promise((resolve) => {
    subscribe({ variables: {}, events: () => resolve('an event'), ended: resolve, resumed: Promise.resolve() })
  })
}

const created = []
const names = Object.keys(subscribers)
const followers = Object.values(subscribers).map((each) => new Follower(each))
let number = 0
const next = () => create(`https://js.example.com/${(number += 1)}`)
while (!followers.every(({ seen }) => seen.length > 0)) await next()
console.log('reload')
await until(() => followers.every(({ ends }) => ends.length > 0))
await next()
followers.forEach((each) => each.resume())
await next()
await until(() => followers.every(({ seen }) => seen.at(-1) === created.at(-1)))
const whole = [...created]

// Those who have left hear no more, while another one does.
followers.forEach((each) => each.leave())
const control = new Follower(subscribers.graphqlSse)
while (control.seen.length === 0) await next()
control.leave()

const results = followers.map(({ seen, kinds, ends }) => ({ seen, kinds: [...kinds], ends }))
const refusals = await Promise.all(Object.values(subscribers).map(refused))
const byName = names.map((name, index) => [name, { ...results[index], refused: refusals[index] }])
console.log(JSON.stringify({ created: whole, clients: Object.fromEntries(byName) }))
process.exit(0)
