import { useMemo } from 'react'

import { lastDays } from '../format'
import { graphql } from '../generated'
import { Answer } from '../parts/Answer'
import { Sources } from '../parts/Sources'
import { StackedDays } from '../parts/StackedDays'
import { AccountCards } from '../parts/AccountCards'
import { ClickFigures } from '../parts/ClickFigures'
import { layersOf } from '../parts/layers'
import { addressOf, go, useRoute } from '../route'
import { useAsked, useRepeated } from '../useAsked'
import { Known } from './Known'

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
    catalog {
      accounts { account { key } state links lastSync statisticsAsOf progress error budget { callsToday limit } }
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

// The states of an account of which the catalog does not know everything yet.
const FILLING = ['WAITING', 'WALKING', 'IN_STEP']
const RANGES = ['7', '30', '90']

/** The first screen: clicks of all vendors on one chart, the accounts, and what is left of their quotas. */
export function Overview() {
  const chosen = useRoute().get('days')
  const length = RANGES.includes(chosen) ? Number(chosen) : 30
  const days = useMemo(() => lastDays(length), [length])
  const accounts = useAsked(ACCOUNTS, {})
  const catalog = accounts.data?.catalog
  const isFilling = catalog?.accounts.some((each) => !each.statisticsAsOf && FILLING.includes(each.state)) ?? false
  useRepeated(accounts.again, isFilling)

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
      <section aria-label="Clicks">
        {catalog ? <Known days={days} isFilling={isFilling} /> : null}
        {accounts.data && !catalog ? <Live days={days} /> : null}
      </section>
      <section aria-label="Accounts">
        <h2>Accounts</h2>
        <Answer asked={accounts}>
          {(data) => <AccountCards accounts={data.accounts} steps={data.catalog?.accounts ?? []} />}
        </Answer>
      </section>
    </>
  )
}

/** What the vendors tell now. Without a catalog there is no more to show. */
function Live({ days }: { days: readonly string[] }) {
  const range = useMemo(() => ({ from: days[0] ?? null, to: days.at(-1) ?? null }), [days])
  const asked = useAsked(CLICKS, { range })
  return (
    <Answer asked={asked}>
      {({ stats }) => (
        <>
          <ClickFigures days={days.length} {...stats} part={stats.complete ? 'of all accounts' : 'of the accounts that told it'} />
          <StackedDays days={days} layers={layersOf(stats.byAccount, days)} />
          <Sources sources={stats.sources} />
          <p className="quiet">
            Top links, tags and links with the same destination need the catalog: add [catalog] to the configuration.
          </p>
        </>
      )}
    </Answer>
  )
}
