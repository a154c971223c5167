import { useState } from 'react'

import { time, words } from '../../format'
import { useGateway, useNames } from '../../gateway'
import type { ActivityHealthSubscription } from '../../generated/graphql'
import { useEvents } from '../../live'
import { HEALTH } from './events'

type Health = ActivityHealthSubscription['accountHealth']

/** The health of each account, as it changes. */
export function HealthList({ accounts }: { accounts: string[] | null }) {
  const known = useGateway().accounts
  const name = useNames()
  const [healths, setHealths] = useState<ReadonlyMap<string, Health>>(new Map())
  const connection = useEvents(HEALTH, { accounts }, ({ accountHealth }) => setHealths((old) => new Map(old).set(accountHealth.account.key, accountHealth)))
  return (
    <section aria-label="Health of the accounts" className="panel flush">
      <h2>Accounts</h2>
      {connection.state === 'ENDED' ? <p className="quiet">{connection.reason}</p> : null}
      <ul className="healths">
        {known
          .filter((each) => accounts === null || accounts.includes(each.key))
          .map((each) => (
            <HealthRow key={each.key} name={name(each)} health={healths.get(each.key)} />
          ))}
      </ul>
    </section>
  )
}

function HealthRow({ name, health }: { name: string; health?: Health }) {
  const state = health?.state ?? 'UNKNOWN'
  return (
    <li>
      <strong>{name}</strong>
      <span className={`state ${state.toLowerCase()}`}>{words(state)}</span>
      <small>
        {health?.lastSuccessAt ? `last answer ${time(health.lastSuccessAt)}` : 'not called yet'}
        {health?.circuit === 'OPEN' ? '; not called for a while, because too many calls failed' : ''}
      </small>
      {health?.lastError && state !== 'UP' ? <small className="long">{health.lastError.message}</small> : null}
    </li>
  )
}
