import { useState } from 'react'

import { Go } from './parts/Go'
import { addressOf } from './route'

/** The views that the menu leads to, in its order. */
const ENTRIES: [string, string][] = [
  ['overview', 'Overview'],
  ['links', 'Links'],
  ['create', 'Create'],
  ['duplicates', 'Duplicates'],
  ['copy', 'Copy'],
  ['activity', 'Activity'],
  ['providers', 'Providers'],
]

/** Leads to the views. In a narrow window a button opens it. */
export function Menu({ view }: { view: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <nav aria-label="Views" className={isOpen ? 'open' : ''} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Go href="/" className="brand">
        Linkweave
      </Go>
      <button type="button" className="menu-button" aria-expanded={isOpen} aria-controls="menu" onClick={() => setOpen(!isOpen)}>
        Menu
      </button>
      <ul id="menu" onClick={() => setOpen(false)}>
        {ENTRIES.map(([name, label]) => (
          <li key={name}>
            <Go href={addressOf(name)} aria-current={view === name || (name === 'links' && view === 'link') ? 'page' : undefined}>
              {label}
            </Go>
          </li>
        ))}
        <li className="apart">
          <a href="/graphql">GraphiQL</a>
        </li>
      </ul>
    </nav>
  )
}
