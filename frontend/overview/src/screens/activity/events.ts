import { graphql } from '../../generated'
import type { ActivityChangesSubscription, ActivityClicksSubscription } from '../../generated/graphql'

export const CHANGES = graphql(`
  subscription ActivityChanges($filter: LinkFilter, $after: ID) {
    linkChanges(filter: $filter, after: $after) {
      id
      at
      kind
      seenBy
      account { key label }
      linkId
      link { id shortUrl title destination }
      fields { name before after }
    }
  }
`)

export const CLICKS = graphql(`
  subscription ActivityClicks($filter: LinkFilter, $after: ID) {
    clicks(filter: $filter, after: $after) {
      id
      at
      kind
      seenBy
      count
      country
      device
      referrer
      account { key label }
      link { id shortUrl title }
    }
  }
`)

export const HEALTH = graphql(`
  subscription ActivityHealth($accounts: [ID!]) {
    accountHealth(accounts: $accounts) {
      state
      circuit
      lastSuccessAt
      lastError { message }
      account { key label }
    }
  }
`)

export type Change = ActivityChangesSubscription['linkChanges']
export type Clicks = ActivityClicksSubscription['clicks']
export type ActivityEvent = { of: 'change'; event: Change } | { of: 'clicks'; event: Clicks }
