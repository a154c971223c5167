import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

import { client } from './client'
import { graphql } from './generated'
import type { GatewayQuery } from './generated/graphql'
import { Problems } from './parts/Answer'
import { useAsked } from './useAsked'

const GATEWAY = graphql(`
  query Gateway {
    accounts {
      id
      key
      label
      provider { id name capabilities writableLinkFields }
    }
    catalog { accounts { account { key } state lastFullSync } }
  }
`)

// It deletes nothing. The gateway checks the caller's right to write first, and that is all this asks.
const MAY_WRITE = graphql(`
  mutation MayWrite {
    deleteLinks(ids: []) { id }
  }
`)

export type KnownAccount = GatewayQuery['accounts'][number]

/** What every view needs to know of the gateway. The catalog is filled once all links were read; then its lists are whole. */
export type Gateway = { isKnown: boolean; accounts: readonly KnownAccount[]; hasCatalog: boolean; isFilled: boolean }

const UNKNOWN: Gateway = { isKnown: false, accounts: [], hasCatalog: false, isFilled: false }
const Context = createContext<Gateway>(UNKNOWN)

/** Asks once for what every view needs. */
export function GatewayProvider({ children }: { children: ReactNode }) {
  const { data, error, again } = useAsked(GATEWAY, {})
  const gateway = useMemo(
    () => (data ? knownOf(data) : UNKNOWN),
    [data],
  )
  return (
    <Context value={gateway}>
      {data === undefined ? <Problems error={error} again={again} /> : null}
      {error !== undefined && data === undefined ? null : children}
    </Context>
  )
}

function knownOf({ accounts, catalog }: GatewayQuery): Gateway {
  const isFilled = catalog?.accounts.every((each) => each.lastFullSync || each.state === 'NOT_LISTED') ?? false
  return { isKnown: true, accounts, hasCatalog: Boolean(catalog), isFilled }
}

export function useGateway(): Gateway {
  return useContext(Context)
}

/** The place of an account in the configuration, which gives it its colour. */
export function placeOf(gateway: Gateway, key: string): number {
  return Math.max(0, gateway.accounts.findIndex((each) => each.key === key))
}

/** How an account is called on the page. */
export function nameOf(account: { key: string; label?: string | null }): string {
  return account.label ?? account.key
}

/** Whether the caller may write; null until that is known. */
export function useMayWrite(): boolean | null {
  const [mayWrite, setMayWrite] = useState<boolean | null>(null)
  useEffect(() => {
    let isWanted = true
    void client
      .mutation(MAY_WRITE, {})
      .toPromise()
      .then(({ error }) => isWanted && setMayWrite(!error?.graphQLErrors.some((each) => each.extensions['code'] === 'FORBIDDEN')))
    return () => {
      isWanted = false
    }
  }, [])
  return mayWrite
}
