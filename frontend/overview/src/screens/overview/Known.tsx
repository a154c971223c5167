import { useEffect, useMemo } from 'react'

import { rangeOf } from '../../days'
import { useGateway, useNames } from '../../gateway'
import { graphql } from '../../generated'
import type { KnownByAccountQuery } from '../../generated/graphql'
import { Answer } from '../../parts/Answer'
import { Sources } from '../../parts/Sources'
import { StackedDays } from '../../parts/StackedDays'
import { layersOf } from '../../parts/layers'
import { useAsked, useRepeated } from '../../useAsked'
import { ClickFigures } from './ClickFigures'
import { ClicksAwaited } from './ClicksAwaited'
import { Rankings, TOP } from './Rankings'

const BY_ACCOUNT = graphql(`
  query KnownByAccount($range: DateRange!) {
    statsBy(group: ACCOUNT, range: $range, first: 50) {
      nodes { key links clicks uniqueClicks complete series { date clicks } }
      sources { account { key } status error { message } notice }
    }
  }
`)

/** What the catalog knows: clicks of every link of every account, the top links, and clicks by tag. */
export function Known({ days, isFilling, onAnswer }: { days: readonly string[]; isFilling: boolean; onAnswer: () => void }) {
  const range = useMemo(() => rangeOf(days), [days])
  const clicks = useAsked(BY_ACCOUNT, { range })
  const isAnswered = Boolean(clicks.data ?? clicks.error)
  // The chart is what the reader has come for: nothing else is asked for before it is there.
  const top = useAsked(TOP, { range }, !isAnswered)
  useEffect(() => {
    if (isAnswered) onAnswer()
  }, [isAnswered, onAnswer])
  useRepeated(() => {
    clicks.again()
    top.again()
  }, isFilling)
  return (
    <>
      <Answer asked={clicks} awaited={<ClicksAwaited />}>
        {({ statsBy }) => <Clicks stats={statsBy} days={days} isFilling={isFilling} />}
      </Answer>
      <Rankings asked={top} days={days.length} />
    </>
  )
}

function Clicks({ stats, days, isFilling }: { stats: KnownByAccountQuery['statsBy']; days: readonly string[]; isFilling: boolean }) {
  const { accounts } = useGateway()
  const nameOf = useNames()
  const isWhole = stats.nodes.every((each) => each.complete)
  const layers = useMemo(
    () => layersOf(accounts, nameOf, new Map(stats.nodes.map(({ key, series }) => [key, series])), days),
    // Names come from the accounts.
    [accounts, stats, days],
  )
  return (
    <>
      <ClickFigures days={days.length} told={stats.nodes.map((each) => ({ ...each, account: accounts.find(({ key }) => key === each.key) ?? each }))} part={isWhole ? 'of all links' : isFilling ? 'as far as they are read by now' : 'as far as the vendors tell them'} />
      <StackedDays title="Clicks per day, by account" days={days} layers={layers} />
      <div className="status-line">
        <Sources sources={stats.sources} />
        {isFilling ? (
          <p className="quiet" role="status">
            The catalog is being filled: these numbers grow until it has read all links and their clicks.
          </p>
        ) : null}
      </div>
    </>
  )
}
