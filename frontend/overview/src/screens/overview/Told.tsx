import { useEffect, useMemo } from 'react'

import { useGateway } from '../../gateway'
import { graphql } from '../../generated'
import { Answer } from '../../parts/Answer'
import { NeedsCatalog } from '../../parts/Notice'
import { Sources } from '../../parts/Sources'
import { StackedDays } from '../../parts/StackedDays'
import { layersOf } from '../../parts/layers'
import { useAsked } from '../../useAsked'
import { ClickFigures } from './ClickFigures'

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
  const range = useMemo(() => ({ from: days[0] ?? null, to: days.at(-1) ?? null }), [days])
  const asked = useAsked(CLICKS, { range })
  const isAnswered = Boolean(asked.data ?? asked.error)
  useEffect(() => {
    if (isAnswered) onAnswer()
  }, [isAnswered, onAnswer])
  return (
    <>
      <Answer asked={asked} height={420}>
        {({ stats }) => (
          <>
            <ClickFigures days={days.length} {...stats} part={stats.complete ? 'of all accounts' : 'of the accounts that told it'} />
            <StackedDays days={days} layers={layersOf(accounts, new Map(stats.byAccount.map((each) => [each.account.key, each.series])), days)} />
            <Sources sources={stats.sources} />
          </>
        )}
      </Answer>
      <NeedsCatalog what="Top links, clicks by tag and duplicates" />
    </>
  )
}
