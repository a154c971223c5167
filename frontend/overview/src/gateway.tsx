import { createContext, type ReactNode, useContext, useMemo } from 'react'

import { graphql } from './generated'
import type { GatewayQuery } from './generated/graphql'
import { Problems } from './parts/Answer'
import { Title } from './parts/Title'
import { useAsked } from './useAsked'

const GATEWAY = graphql(`
  query Gateway {
    viewer { scopes }
    gateway { features }
    accounts {
      id
      key
      label
      provider { id name capabilities creatableLinkFields expiryParts }
    }
    catalog { accounts { account { key } state lastFullSync } }
  }
`)

export type Named = { key: string; label?: string | null }

export type KnownAccount = GatewayQuery['accounts'][number]

/**
 * What every view needs to know of the gateway and of the caller.
 *
 * The catalog is filled once all links were read; then its lists are whole.
 */
export type Gateway = {
  isKnown: boolean
  mayWrite: boolean
  hasCatalog: boolean
  hasSubscriptions: boolean
  hasWebhooks: boolean
  isFilled: boolean
  accounts: readonly KnownAccount[]
}

const UNKNOWN: Gateway = { isKnown: false, mayWrite: false, hasCatalog: false, hasSubscriptions: false, hasWebhooks: false, isFilled: false, accounts: [] }
const Context = createContext<Gateway>(UNKNOWN)

/** Asks once for what every view needs. `title` stands above an error that comes in place of the view. */
export function GatewayProvider({ title, children }: { title: string; children: ReactNode }) {
  const { data, error, again } = useAsked(GATEWAY, {})
  const gateway = useMemo(
    () => (data ? knownOf(data) : UNKNOWN),
    [data],
  )
  return (
    <Context value={gateway}>
      {error !== undefined && data === undefined ? (
        <>
          <Title text={title} />
          <Problems error={error} again={again} />
        </>
      ) : (
        children
      )}
    </Context>
  )
}

function knownOf({ viewer, gateway, accounts, catalog }: GatewayQuery): Gateway {
  return {
    isKnown: true,
    mayWrite: viewer.scopes.includes('WRITE'),
    hasCatalog: gateway.features.includes('CATALOG'),
    hasSubscriptions: gateway.features.includes('SUBSCRIPTIONS'),
    hasWebhooks: gateway.features.includes('WEBHOOKS'),
    isFilled: catalog?.accounts.every((each) => each.lastFullSync || each.state === 'NOT_LISTED') ?? false,
    accounts,
  }
}

export function useGateway(): Gateway {
  return useContext(Context)
}

/** The place of an account in the configuration, which gives it its colour. */
export function placeOf(gateway: Gateway, key: string): number {
  return Math.max(0, gateway.accounts.findIndex((each) => each.key === key))
}

/** The label of an account, or its key. Two accounts may have the same label: beside others, use `AccountName`. */
export function labelOf(account: Named): string {
  return account.label ?? account.key
}

/** Returns how an account is called beside others: by its label, with its provider where that is not clear. */
export function useNames(): (account: Named) => string {
  const { accounts } = useGateway()
  return (account) => {
    const alike = accounts.filter((each) => labelOf(each) === labelOf(account))
    const known = alike.length > 1 ? alike.find((each) => each.key === account.key) : undefined
    return known ? `${labelOf(known)} (${known.provider.name})` : labelOf(account)
  }
}
