import { useMemo } from 'react'

import { lastDays, rangeOf } from '../../days'
import { words } from '../../format'
import { placeOf, useGateway } from '../../gateway'
import { graphql } from '../../generated'
import type { LinkStatisticsQuery } from '../../generated/graphql'
import { Answer } from '../../parts/Answer'
import { DaysSelect, useDays } from '../../parts/DaysSelect'
import { Figure } from '../../parts/Figure'
import { Empty } from '../../parts/Notice'
import { StackedDays } from '../../parts/StackedDays'
import { colourAt } from '../../parts/colours'
import { useAsked } from '../../useAsked'
import { Breakdown } from './Breakdown'
import { Countries } from './Countries'
import type { Detail } from './LinkDetail'

const STATISTICS = graphql(`
  query LinkStatistics($id: ID!, $range: DateRange!) {
    link(id: $id) {
      id
      stats(range: $range) {
        clicks
        uniqueClicks
        series { date clicks uniqueClicks }
        sources { status error { message } notice timeZone measuredBy }
        countries: breakdown(by: COUNTRY, first: 250) { measures buckets { key label clicks uniqueClicks } }
        referrers: breakdown(by: REFERRER, first: 8) { measures buckets { key label clicks uniqueClicks } remainder { clicks uniqueClicks } }
        devices: breakdown(by: DEVICE, first: 8) { measures buckets { key label clicks uniqueClicks } remainder { clicks uniqueClicks } }
      }
    }
  }
`)

type Stats = NonNullable<LinkStatisticsQuery['link']>['stats']

/** The clicks of a link: totals, days, and where they come from. */
export function Statistics({ link }: { link: Detail }) {
  const length = useDays()
  const days = useMemo(() => lastDays(length), [length])
  const range = useMemo(() => rangeOf(days), [days])
  const asked = useAsked(STATISTICS, { id: link.id, range })
  return (
    <section aria-label="Clicks">
      <header className="title">
        <h2>Clicks</h2>
        <DaysSelect />
      </header>
      <Answer asked={asked} height={520}>
        {(data) => (data.link ? <Shown link={link} stats={data.link.stats} days={days} /> : <Empty>The link is gone.</Empty>)}
      </Answer>
    </section>
  )
}

function Shown({ link, stats, days }: { link: Detail; stats: Stats; days: readonly string[] }) {
  const gateway = useGateway()
  const isUnique = stats.series?.some((point) => point.uniqueClicks !== null) && !stats.series.some((point) => point.clicks !== null)
  const hasNone = stats.clicks === 0 || (stats.clicks === null && stats.uniqueClicks === 0)
  const layers = useMemo(() => {
    const known = new Map(stats.series?.map((point) => [point.date, (isUnique ? point.uniqueClicks : point.clicks) ?? null]))
    return [{ name: isUnique ? 'Unique clicks' : 'Clicks', colour: colourAt(placeOf(gateway, link.account.key)), clicks: days.map((each) => known.get(each) ?? null) }]
  }, [days, gateway, isUnique, link, stats])
  const told = stats.sources.flatMap((each) => [each.error?.message ?? each.notice ?? (each.status === 'OK' ? '' : words(each.status))]).filter(Boolean)
  const by = stats.sources.some((each) => each.measuredBy === 'GATEWAY') ? 'as the gateway has counted them' : `as ${link.provider.name} counts them`
  return (
    <>
      <dl className="figures">
        <Figure label="All clicks" value={link.clicks} meaning="since the link was created" />
        <Figure label="Clicks" value={stats.clicks} meaning={stats.clicks === null ? 'not told for a range of days' : `in ${days.length} days, ${by}`} />
        <Figure label="Unique clicks" value={stats.uniqueClicks} meaning={stats.uniqueClicks === null ? 'not told by this vendor' : `visitors in ${days.length} days, ${by}`} />
      </dl>
      {told.length > 0 ? <p className="notices">{told.join(' ')}</p> : null}
      {stats.series?.length && !hasNone ? (
        <StackedDays title={isUnique ? 'Unique clicks per day' : 'Clicks per day'} days={days} layers={layers} />
      ) : (
        <Empty>{hasNone ? 'No clicks in these days.' : 'This vendor tells no days.'}</Empty>
      )}
      {hasNone ? null : <Origins link={link} stats={stats} />}
    </>
  )
}

/** Where the clicks come from. */
function Origins({ link, stats }: { link: Detail; stats: Stats }) {
  return (
    <>
      <Countries breakdown={stats.countries} isOffered={link.provider.statsDimensions.includes('COUNTRY')} />
      <div className="breakdowns">
        <Breakdown title="Referrers" breakdown={stats.referrers} isOffered={link.provider.statsDimensions.includes('REFERRER')} />
        <Breakdown title="Devices" breakdown={stats.devices} isOffered={link.provider.statsDimensions.includes('DEVICE')} />
      </div>
    </>
  )
}
