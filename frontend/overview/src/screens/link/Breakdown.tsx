import type { ReactNode } from 'react'

import { count } from '../../format'
import { Empty } from '../../parts/Notice'

type Counted = { clicks?: number | null; uniqueClicks?: number | null }
export type Bucket = Counted & { key: string; label: string }
export type Groups = { measures: readonly string[]; buckets: readonly Bucket[]; remainder?: Counted | null }

type Settings = { title: string; breakdown: Groups | null | undefined; isOffered: boolean; nameOf?: (bucket: Bucket) => string; children?: ReactNode }

/** What a group counts: clicks, or unique clicks where the vendor tells no others. */
export function numberOf(group: Counted): number {
  return group.clicks ?? group.uniqueClicks ?? 0
}

/** Clicks by one thing, the largest group first, each with a bar. */
export function Breakdown({ title, breakdown, isOffered, nameOf = (bucket) => bucket.label, children }: Settings) {
  const most = Math.max(1, ...(breakdown?.buckets.map(numberOf) ?? []))
  const isUnique = breakdown?.measures.length === 1 && breakdown.measures[0] === 'UNIQUE_CLICKS'
  return (
    <section aria-label={title} className="panel breakdown">
      <h3>
        {title} {breakdown?.buckets.length ? <small>{isUnique ? 'unique clicks' : 'clicks'}</small> : null}
      </h3>
      {children}
      {!breakdown ? (
        <Empty>{isOffered ? 'Not told for these days.' : 'This vendor does not tell it.'}</Empty>
      ) : breakdown.buckets.length === 0 ? (
        <Empty>No clicks in these days.</Empty>
      ) : (
        <table className="bars">
          <tbody>
            {breakdown.buckets.slice(0, 8).map((each) => (
              <tr key={each.key}>
                <th scope="row">{nameOf(each)}</th>
                <td aria-hidden="true">
                  <div className="bar" style={{ width: `${(100 * numberOf(each)) / most}%` }} />
                </td>
                <td className="number">{count(numberOf(each))}</td>
              </tr>
            ))}
          </tbody>
          {restOf(breakdown) > 0 ? (
            <tfoot>
              <tr className="quiet">
                <th scope="row">all others</th>
                <td aria-hidden="true" />
                <td className="number">{count(restOf(breakdown))}</td>
              </tr>
            </tfoot>
          ) : null}
        </table>
      )}
    </section>
  )
}

function restOf({ buckets, remainder }: Groups): number {
  return buckets.slice(8).reduce((sum, each) => sum + numberOf(each), remainder ? numberOf(remainder) : 0)
}
