import { useEffect, useMemo } from 'react'

import { count, plural } from '../../format'
import { nameOf, useGateway } from '../../gateway'
import { graphql } from '../../generated'
import { Answer } from '../../parts/Answer'
import { ClickFigures } from './ClickFigures'
import { Go } from '../../parts/Go'
import { Empty } from '../../parts/Notice'
import { Sources } from '../../parts/Sources'
import { StackedDays } from '../../parts/StackedDays'
import { layersOf } from '../../parts/layers'
import { addressOf } from '../../route'
import { useAsked, useRepeated } from '../../useAsked'

const BY_ACCOUNT = graphql(`
  query KnownByAccount($range: DateRange!) {
    statsBy(group: ACCOUNT, range: $range, first: 50) {
      nodes { key links clicks uniqueClicks complete series { date clicks } }
      sources { account { key } status error { message } notice }
    }
  }
`)

const TOP = graphql(`
  query KnownTop($range: DateRange!) {
    links(first: 10, orderBy: { field: CLICKS_IN_RANGE, range: $range }) {
      edges { clicksInRange node { id shortUrl title account { key label } } }
    }
    statsBy(group: TAG, range: $range, first: 10, orderBy: { field: CLICKS }) {
      nodes { key label links clicks complete }
    }
  }
`)

/** What the catalog knows: clicks of every link of every account, the top links, and clicks by tag. */
export function Known({ days, isFilling, onAnswer }: { days: readonly string[]; isFilling: boolean; onAnswer: () => void }) {
  const { accounts } = useGateway()
  const range = useMemo(() => ({ from: days[0] ?? null, to: days.at(-1) ?? null }), [days])
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
      {isFilling ? <p className="notices" role="status">The catalog is being filled: the numbers below grow until it has read all links and their clicks.</p> : null}
      <Answer asked={clicks} height={420}>
        {({ statsBy }) => {
          const told = statsBy.nodes.filter((each) => each.clicks !== null && each.clicks !== undefined)
          const unique = statsBy.nodes.filter((each) => each.uniqueClicks !== null && each.uniqueClicks !== undefined)
          return (
            <>
              <ClickFigures
                days={days.length}
                links={statsBy.nodes.reduce((sum, each) => sum + each.links, 0)}
                clicks={told.length === 0 ? null : told.reduce((sum, each) => sum + (each.clicks ?? 0), 0)}
                uniqueClicks={unique.length < statsBy.nodes.length ? null : unique.reduce((sum, each) => sum + (each.uniqueClicks ?? 0), 0)}
                part={statsBy.nodes.every((each) => each.complete) ? 'of all links' : 'of the links that have told all these days'}
              />
              <StackedDays days={days} layers={layersOf(accounts, new Map(statsBy.nodes.map(({ key, series }) => [key, series])), days)} />
              <Sources sources={statsBy.sources} />
            </>
          )
        }}
      </Answer>
      <div className="breakdowns">
        <section aria-label="Top links" className="panel flush">
          <h2>Top links</h2>
          <Answer asked={top}>{(data) => <TopLinks edges={data.links.edges} />}</Answer>
        </section>
        <section aria-label="Clicks by tag" className="panel flush">
          <h2>Clicks by tag</h2>
          <Answer asked={top}>{(data) => <Tags nodes={data.statsBy.nodes} />}</Answer>
        </section>
      </div>
    </>
  )
}

type Edge = { clicksInRange?: number | null; node: { id: string; shortUrl: string; title?: string | null; account: { key: string; label?: string | null } } }

function TopLinks({ edges }: { edges: readonly Edge[] }) {
  if (edges.length === 0) return <Empty>The catalog has no links yet.</Empty>
  return (
    <table className="wide">
      <tbody>
        {edges.map(({ node, clicksInRange }) => (
          <tr key={node.id}>
            <th scope="row">
              <Go href={addressOf('link', { id: node.id })}>{node.shortUrl.replace(/^https?:\/\//, '')}</Go>
              <small>
                {node.title ? `${node.title}, ` : ''}
                {nameOf(node.account)}
              </small>
            </th>
            <td className="number">{count(clicksInRange)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Group = { key: string; label: string; links: number; clicks?: number | null; complete: boolean }

function Tags({ nodes }: { nodes: readonly Group[] }) {
  if (nodes.length === 0) return <Empty>No link has a tag.</Empty>
  return (
    <table className="wide">
      <tbody>
        {nodes.map((each) => (
          <tr key={each.key}>
            <th scope="row">
              <Go href={addressOf('links', { tag: each.label })}>{each.label}</Go>
              <small>
                {plural(each.links, 'link')}
                {each.complete ? '' : ', not all of them told these days'}
              </small>
            </th>
            <td className="number">{count(each.clicks)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
