import type { ReactNode } from 'react'

import { count } from '../../format'
import { Empty } from '../../parts/Notice'

/** Something with its number of clicks. `detail` says more of it. */
export type Ranked = { key: string; name: ReactNode; detail: ReactNode; clicks?: number | null }

/** The most clicked of something, the first one first. */
export function Ranking({ what, days, rows, none }: { what: string; days: number; rows: readonly Ranked[]; none: string }) {
  if (rows.length === 0) return <Empty>{none}</Empty>
  return (
    <table className="wide ranking">
      <thead>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col" className="number">
            Clicks in {days} days
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((each) => (
          <tr key={each.key}>
            <th scope="row" className="long">
              {each.name}
              <small>{each.detail}</small>
            </th>
            <td className="number">{count(each.clicks)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
