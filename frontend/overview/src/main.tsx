import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'

import 'uplot/dist/uPlot.min.css'
import './page.css'

import { TokenDialog } from './TokenDialog'
import { client } from './client'
import { Go } from './parts/Go'
import { addressOf, useRoute } from './route'
import { Create } from './screens/Create'
import { Duplicates } from './screens/Duplicates'
import { LinkDetail } from './screens/LinkDetail'
import { Links } from './screens/Links'
import { Overview } from './screens/Overview'
import { Providers } from './screens/Providers'

const VIEWS = { overview: Overview, links: Links, link: LinkDetail, create: Create, duplicates: Duplicates, providers: Providers }
const MENU: [keyof typeof VIEWS, string][] = [
  ['overview', 'Overview'],
  ['links', 'Links'],
  ['create', 'Create'],
  ['duplicates', 'Duplicates'],
  ['providers', 'Providers'],
]

function App() {
  const { view } = useRoute()
  const Shown = VIEWS[view as keyof typeof VIEWS] ?? Overview
  return (
    <>
      <nav aria-label="Views">
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <strong>Linkweave</strong>
        {MENU.map(([name, label]) => (
          <Go key={name} href={addressOf(name)} aria-current={view === name ? 'page' : undefined}>
            {label}
          </Go>
        ))}
        <a href="/graphql">GraphiQL</a>
      </nav>
      <main id="main" tabIndex={-1}>
        <Shown />
      </main>
      <TokenDialog />
    </>
  )
}

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Provider value={client}>
        <App />
      </Provider>
    </StrictMode>,
  )
}
