import type { ReactNode } from 'react'

import { withoutScheme, words } from '../../format'

type Shown = { source: string; state: string; kind: 'good' | 'warn' | 'bad' | ''; children: ReactNode }

/** A link that is to be copied or was copied: what has become of it, and more about that. */
export function CopyRow({ source, state, kind, children }: Shown) {
  return (
    <tr>
      <th scope="row" className="long">
        {withoutScheme(source)}
      </th>
      <td>
        <span className={`badge ${kind}`}>{words(state)}</span>
      </td>
      <td className="long">{children}</td>
    </tr>
  )
}
