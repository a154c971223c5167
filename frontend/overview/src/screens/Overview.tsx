import { useMemo } from 'react'

import { count, lastDays, moment, words } from '../format'
import { graphql } from '../generated'
import type { OverviewAccountsQuery, OverviewClicksQuery } from '../generated/graphql'
import { Answer } from '../parts/Answer'
import { Figure } from '../parts/Figure'
import { Go } from '../parts/Go'
import { Sources } from '../parts/Sources'
import { type Layer, StackedDays } from '../parts/StackedDays'
import { colourAt } from '../parts/colours'
import { addressOf, go, useRoute } from '../route'
import { useAsked } from '../useAsked'

const ACCOUNTS = graphql(`
  query OverviewAccounts {
    accounts {
      id
      key
      label
      provider { id name }
      plan { name }
      quotas { name used limit resetsAt }
      health { state lastSuccessAt lastError { message } rateLimits { bucket limit remaining perSeconds } }
    }
  }
`)

const CLICKS = graphql(`
  query OverviewClicks($range: DateRange!) {
    stats(range: $range, allowIncomplete: true) {
      links
      clicks
      uniqueClicks
      complete
      byAccount { account { key } links clicks uniqueClicks series { date clicks } }
      sources { account { key } status error { message } notice counts truncated }
    }
  }
`)

const RANGES = ['7', '30', '90']

/** The first screen: clicks of all vendors on one chart, the accounts, and what is left of their quotas. */
export function Overview() {
  const chosen = useRoute().get('days')
  const length = RANGES.includes(chosen) ? Number(chosen) : 30
  const days = useMemo(() => lastDays(length), [length])
  const range = useMemo(() => ({ from: days[0] ?? null, to: days.at(-1) ?? null }), [days])
  const accounts = useAsked(ACCOUNTS, {})
  const clicks = useAsked(CLICKS, { range })

  return (
    <>
      <header className="title">
        <h1>Overview</h1>
        <label>
          Days{' '}
          <select value={String(length)} onChange={(event) => go(addressOf('overview', { days: event.target.value }), true)}>
            {RANGES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      </header>
      <section aria-label="Clicks" aria-busy={clicks.fetching}>
        <Answer asked={clicks}>{(data) => <Clicks stats={data.stats} days={days} />}</Answer>
      </section>
      <section aria-label="Accounts">
        <h2>Accounts</h2>
        <Answer asked={accounts}>{(data) => <AccountList accounts={data.accounts} />}</Answer>
      </section>
    </>
  )
}

function Clicks({ stats, days }: { stats: OverviewClicksQuery['stats']; days: readonly string[] }) {
  const layers = useMemo(() => layersOf(stats, days), [stats, days])
  const span = `in ${days.length} days`
  const part = stats.complete ? 'of all accounts' : 'of the accounts that told it'
  return (
    <>
      <dl className="figures">
        <Figure label="Clicks" value={stats.clicks} meaning={stats.clicks === null ? 'not known' : `${span}, ${part}`} />
        <Figure label="Unique clicks" value={stats.uniqueClicks} meaning={stats.uniqueClicks === null ? 'not known: not all accounts count them' : `${span}; a visitor of two links counts twice`} />
        <Figure label="Links" value={stats.links} meaning="that were counted" />
      </dl>
      {layers.length === 0 ? (
        <p className="quiet">No account tells clicks per day.</p>
      ) : (
        <StackedDays days={days} layers={layers} />
      )}
      <Sources sources={stats.sources} />
    </>
  )
}

function layersOf(stats: OverviewClicksQuery['stats'], days: readonly string[]): Layer[] {
  return stats.byAccount.flatMap((each, index) => {
    if (!each.series) return []
    const known = new Map(each.series.map((point) => [point.date, point.clicks ?? null]))
    return [{ name: each.account.key, colour: colourAt(index), clicks: days.map((day) => known.get(day) ?? null) }]
  })
}

function AccountList({ accounts }: { accounts: OverviewAccountsQuery['accounts'] }) {
  if (accounts.length === 0) return <p className="quiet">You may see no account.</p>
  return (
    <ul className="cards">
      {accounts.map((account) => (
        <li key={account.id} className="card">
          <h3>
            <Go href={addressOf('links', { account: account.key })}>{account.label ?? account.key}</Go>
          </h3>
          <p>
            {account.provider.name}
            {account.plan ? `, ${account.plan.name}` : ''}
          </p>
          <p className={`state ${account.health.state.toLowerCase()}`}>{words(account.health.state)}</p>
          {account.health.lastError ? <p className="quiet">{account.health.lastError.message}</p> : null}
          {account.quotas.map((quota) => (
            <QuotaBar key={quota.name} {...quota} />
          ))}
        </li>
      ))}
    </ul>
  )
}

type QuotaFacts = OverviewAccountsQuery['accounts'][number]['quotas'][number]

function QuotaBar({ name, used, limit, resetsAt }: QuotaFacts) {
  const text = limit === null || limit === undefined ? `${count(used)} used, no limit told` : `${count(used)} of ${count(limit)} used`
  return (
    <div className="quota">
      <span>
        {words(name)}: {text}
      </span>
      {limit ? <meter min={0} max={limit} high={limit * 0.8} value={Math.min(used, limit)} aria-label={`${name}: ${text}`} /> : null}
      {resetsAt ? <small>begins anew {moment(resetsAt)}</small> : null}
    </div>
  )
}
