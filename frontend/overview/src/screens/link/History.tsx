import { useState } from 'react'

import { moment, valueOf, words } from '../../format'
import { graphql } from '../../generated'
import { Answer } from '../../parts/Answer'
import { useAsked } from '../../useAsked'

const HISTORY = graphql(`
  query LinkHistory($id: ID!) {
    link(id: $id) {
      id
      history { kind at seenBy fields { name before after } }
    }
  }
`)

/** What changed of a link and when, as the catalog has seen it. It is asked for when the reader opens it. */
export function History({ id }: { id: string }) {
  const [isOpen, setOpen] = useState(false)
  const asked = useAsked(HISTORY, { id }, !isOpen)
  return (
    <details className="panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What has changed, and when</summary>
      {isOpen ? (
        <Answer asked={asked}>
          {({ link }) =>
            link?.history ? (
              <ul>
                {link.history.map((change) => (
                  <li key={`${change.at}${change.kind}`}>
                    {moment(change.at)}: {words(change.kind)}, seen by {words(change.seenBy)}
                    {change.fields.map((field) => (
                      <small key={field.name} className="long">
                        {words(field.name)}: {valueOf(field.before) ?? 'none'} → {valueOf(field.after) ?? 'none'}
                      </small>
                    ))}
                  </li>
                ))}
              </ul>
            ) : (
              <p className="quiet">Nothing is known of its past.</p>
            )
          }
        </Answer>
      ) : null}
    </details>
  )
}
