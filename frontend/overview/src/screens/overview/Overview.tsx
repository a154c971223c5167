import { useCallback, useMemo, useState } from 'react'

import { lastDays } from '../../days'
import { useGateway } from '../../gateway'
import { graphql } from '../../generated'
import { Answer } from '../../parts/Answer'
import { DaysSelect, useDays } from '../../parts/DaysSelect'
import { useAsked, useRepeated } from '../../useAsked'
import { AccountCards } from './AccountCards'
import { ClicksAwaited } from './ClicksAwaited'
import { Known } from './Known'
import { Told } from './Told'

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

// It calls no vendor, so it may be asked again and again.
const STEPS = graphql(`
  query CatalogSteps {
    catalog {
      accounts { account { key } state links lastSync statisticsAsOf progress error budget { callsToday limit } }
    }
  }
`)

// The states of an account of which the catalog does not know everything yet.
const FILLING = ['WAITING', 'WALKING', 'IN_STEP']

/** The first screen: clicks of all vendors on one chart, the accounts, and what is left of their quotas. */
export function Overview() {
  const { isKnown, hasCatalog } = useGateway()
  const length = useDays()
  const days = useMemo(() => lastDays(length), [length])
  const [isChartThere, setChartThere] = useState(false)
  const onAnswer = useCallback(() => setChartThere(true), [])
  const steps = useAsked(STEPS, {}, !hasCatalog)
  const accounts = useAsked(ACCOUNTS, {}, !isChartThere)
  const isFilling = steps.data?.catalog?.accounts.some((each) => !each.statisticsAsOf && FILLING.includes(each.state)) ?? false
  useRepeated(steps.again, isFilling)

  return (
    <>
      <header className="title">
        <h1>Overview</h1>
        <DaysSelect />
      </header>
      <section aria-label="Clicks">
        {isKnown ? null : <ClicksAwaited />}
        {isKnown && hasCatalog ? <Known days={days} isFilling={isFilling} onAnswer={onAnswer} /> : null}
        {isKnown && !hasCatalog ? <Told days={days} onAnswer={onAnswer} /> : null}
      </section>
      {isKnown ? (
        <section aria-label="Accounts">
          <h2>Accounts</h2>
          <Answer asked={accounts} height={240}>
            {(data) => <AccountCards accounts={data.accounts} steps={steps.data?.catalog?.accounts ?? []} />}
          </Answer>
        </section>
      ) : null}
    </>
  )
}
