import { type ComponentType, lazy, StrictMode, Suspense, useEffect, useRef } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'

import { Menu } from './Menu'
import { TokenDialog } from './TokenDialog'
import { client } from './client'
import { GatewayProvider } from './gateway'
import { Loading } from './parts/Answer'
import { Boundary } from './parts/Boundary'
import { Title } from './parts/Title'
import { useRoute } from './route'
import { Overview } from './screens/overview/Overview'

type View = { title: string; Shown: ComponentType }

/** A view whose code is loaded when it is shown. */
function later(title: string, load: () => Promise<ComponentType>): View {
  return { title, Shown: lazy(async () => ({ default: await load() })) }
}

const FIRST: View = { title: 'Overview', Shown: Overview }
const VIEWS: Record<string, View> = {
  links: later('Links', async () => (await import('./screens/links/Links')).Links),
  link: later('Link', async () => (await import('./screens/link/LinkDetail')).LinkDetail),
  create: later('Create', async () => (await import('./screens/create/Create')).Create),
  duplicates: later('Duplicates', async () => (await import('./screens/Duplicates')).Duplicates),
  copy: later('Copy', async () => (await import('./screens/copy/Copy')).Copy),
  activity: later('Activity', async () => (await import('./screens/activity/Activity')).Activity),
  providers: later('Providers', async () => (await import('./screens/Providers')).Providers),
}

function App() {
  const { view } = useRoute()
  const { title, Shown } = VIEWS[view] ?? FIRST
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
        <GatewayProvider title={title}>
          <Boundary key={view}>
            <Suspense
              fallback={
                <>
                  <Title text={title} />
                  <Loading height={480} />
                </>
              }
            >
              <Shown />
            </Suspense>
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
