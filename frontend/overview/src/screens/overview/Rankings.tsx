import { plural, withoutScheme } from '../../format'
import { useNames } from '../../gateway'
import { graphql } from '../../generated'
import type { KnownTopQuery } from '../../generated/graphql'
import { Answer, type Asked } from '../../parts/Answer'
import { Go } from '../../parts/Go'
import { addressOf } from '../../route'
import { Ranking } from './Ranking'

export const TOP = graphql(`
  query KnownTop($range: DateRange!) {
    links(first: 10, orderBy: { field: CLICKS_IN_RANGE, range: $range }) {
      edges { clicksInRange node { id shortUrl title account { key label } } }
    }
    statsBy(group: TAG, range: $range, first: 10, orderBy: { field: CLICKS }) {
      nodes { key label links clicks complete }
    }
  }
`)

/** The links and the tags with the most clicks, of all vendors. */
export function Rankings({ asked, days }: { asked: Asked<KnownTopQuery>; days: number }) {
  return (
    <div className="breakdowns">
      <section aria-label="Top links" className="panel flush">
        <h2>Top links</h2>
        <Answer asked={asked} height={620}>
          {(data) => <TopLinks edges={data.links.edges} days={days} />}
        </Answer>
      </section>
      <section aria-label="Clicks by tag" className="panel flush">
        <h2>
          Clicks by tag
          {asked.data?.statsBy.nodes.every((each) => each.complete) ?? true ? null : <small>Some days of some links are missing in them.</small>}
        </h2>
        <Answer asked={asked} height={620}>
          {(data) => <Tags groups={data.statsBy.nodes} days={days} />}
        </Answer>
      </section>
    </div>
  )
}

function TopLinks({ edges, days }: { edges: KnownTopQuery['links']['edges']; days: number }) {
  const nameOf = useNames()
  const rows = edges.map(({ node, clicksInRange }) => ({
    key: node.id,
    name: <Go href={addressOf('link', { id: node.id })}>{withoutScheme(node.shortUrl)}</Go>,
    detail: [node.title, nameOf(node.account)].filter(Boolean).join(', '),
    clicks: clicksInRange,
  }))
  return <Ranking what="Link" days={days} rows={rows} none="The catalog has no links yet." />
}

function Tags({ groups, days }: { groups: KnownTopQuery['statsBy']['nodes']; days: number }) {
  const rows = groups.map((each) => ({
    key: each.key,
    name: <Go href={addressOf('links', { tag: each.label })}>{each.label}</Go>,
    detail: plural(each.links, 'link'),
    clicks: each.clicks,
  }))
  return <Ranking what="Tag" days={days} rows={rows} none="No link has a tag." />
}
