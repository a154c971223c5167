import { useEffect, useMemo } from 'react'

import { rangeOf } from '../../days'
import { useGateway, useNames } from '../../gateway'
import { graphql } from '../../generated'
import { Answer } from '../../parts/Answer'
import { NeedsCatalog } from '../../parts/Notice'
import { Sources } from '../../parts/Sources'
import { StackedDays } from '../../parts/StackedDays'
import { layersOf } from '../../parts/layers'
import { useAsked } from '../../useAsked'
import { ClickFigures } from './ClickFigures'
import { ClicksAwaited } from './ClicksAwaited'

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

/** What the vendors tell now. Without a catalog there is no more to show. */
export function Told({ days, onAnswer }: { days: readonly string[]; onAnswer: () => void }) {
  const { accounts } = useGateway()
  const nameOf = useNames()
  const range = useMemo(() => rangeOf(days), [days])
  const asked = useAsked(CLICKS, { range })
  const isAnswered = Boolean(asked.data ?? asked.error)
  useEffect(() => {
    if (isAnswered) onAnswer()
  }, [isAnswered, onAnswer])
  return (
    <>
      <Answer asked={asked} awaited={<ClicksAwaited />}>
        {({ stats }) => (
          <>
            <ClickFigures days={days.length} told={stats.byAccount.map((each) => ({ ...each, account: accounts.find(({ key }) => key === each.account.key) ?? each.account }))} part={stats.complete ? 'of all accounts' : 'of the accounts that tell them'} linksPart={stats.sources.some((each) => each.status === 'PARTIAL') ? 'or more: some accounts are here in part, as is said below' : undefined} />
            <StackedDays title="Clicks per day, by account" days={days} layers={layersOf(accounts, nameOf, new Map(stats.byAccount.map((each) => [each.account.key, each.series])), days)} />
            <div className="status-line">
              <Sources sources={stats.sources} />
            </div>
          </>
        )}
      </Answer>
      <NeedsCatalog what="Top links, clicks by tag and duplicates" />
    </>
  )
}
