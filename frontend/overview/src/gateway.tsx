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

export type Named = { key: string; label?: string | null }

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
