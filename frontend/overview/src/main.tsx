import { StrictMode, useEffect, useRef } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'

import 'uplot/dist/uPlot.min.css'
import './styles/base.css'
import './styles/layout.css'
import './styles/parts.css'
import './styles/forms.css'
import './styles/links.css'
import './styles/screens.css'

import { Menu } from './Menu'
import { TokenDialog } from './TokenDialog'
import { client } from './client'
import { GatewayProvider } from './gateway'
import { Boundary } from './parts/Boundary'
import { useRoute } from './route'
import { Activity } from './screens/activity/Activity'
import { Copy } from './screens/copy/Copy'
import { Create } from './screens/create/Create'
import { Duplicates } from './screens/Duplicates'
import { LinkDetail } from './screens/link/LinkDetail'
import { Links } from './screens/links/Links'
import { Overview } from './screens/overview/Overview'
import { Providers } from './screens/Providers'

const VIEWS: Record<string, { title: string; Shown: () => React.ReactNode }> = {
  overview: { title: 'Overview', Shown: Overview },
  links: { title: 'Links', Shown: Links },
  link: { title: 'Link', Shown: LinkDetail },
  create: { title: 'Create', Shown: Create },
  duplicates: { title: 'Duplicates', Shown: Duplicates },
  copy: { title: 'Copy', Shown: Copy },
  activity: { title: 'Activity', Shown: Activity },
  providers: { title: 'Providers', Shown: Providers },
}

function App() {
  const { view } = useRoute()
  const { title, Shown } = VIEWS[view] ?? { title: 'Overview', Shown: Overview }
  const main = useRef<HTMLElement>(null)
  const shownBefore = useRef(view)

  // Who hears the page hears of another view as of another page.
  useEffect(() => {
    document.title = `${title} – Linkweave`
    if (shownBefore.current !== view) main.current?.focus()
    shownBefore.current = view
  }, [title, view])

  return (
    <>
      <Menu view={view} />
      <main id="main" tabIndex={-1} ref={main}>
        <GatewayProvider>
          <Boundary key={view}>
            <Shown />
          </Boundary>
        </GatewayProvider>
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
