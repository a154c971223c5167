import { useMemo } from 'react'

import { plural } from '../../format'
import { useGateway } from '../../gateway'
import { type Connection, useEvents } from '../../live'
import { AccountSelect } from '../../parts/AccountSelect'
import { Empty, Notice } from '../../parts/Notice'
import { addressOf, go, useRoute } from '../../route'
import { enterToken } from '../../token'
import { CHANGES, CLICKS } from './events'
import { EventRow } from './EventRow'
import { HealthList } from './HealthList'
import { useFeed } from './useFeed'

const STATES: Record<Connection['state'], string> = {
  CONNECTING: 'Connecting …',
  LIVE: 'Live',
  LOST: 'The connection is lost. The page tries again, and asks for what it has missed.',
  ENDED: 'Ended',
}

/** What happens to links, as it happens. */
export function Activity() {
  const route = useRoute()
  const { accounts, hasCatalog, hasSubscriptions, hasWebhooks, isKnown } = useGateway()
  const account = route.get('account')
  return (
    <>
      <header className="title">
        <h1>Activity</h1>
        <AccountSelect label="Account" name="account" accounts={accounts} value={account} none="all" onChange={(key) => go(addressOf('activity', { account: key }), true)} />
      </header>
      {isKnown && !hasSubscriptions ? (
        <Notice>
          <h2>This gateway has no subscriptions</h2>
          <p>
            Its operator has turned them off with <code>subscriptions = false</code> in <code>[server]</code>. Without them, nothing can be told as it happens.
          </p>
        </Notice>
      ) : null}
      {hasSubscriptions && !hasCatalog ? (
        <Notice>
          <p>
            Without the catalog, you see only what is done through this gateway{hasWebhooks ? ', and what webhooks tell' : ', and no clicks'}. <code>[catalog]</code> in the
            configuration turns it on.
          </p>
        </Notice>
      ) : null}
      {hasSubscriptions ? <Live key={account} account={account} hasClicks={hasCatalog || hasWebhooks} /> : null}
    </>
  )
}

function Live({ account, hasClicks }: { account: string; hasClicks: boolean }) {
  const feed = useFeed()
  const accounts = useMemo(() => (account ? [account] : null), [account])
  const filter = accounts ? { accounts } : null
  const changes = useEvents(CHANGES, { filter }, ({ linkChanges }) => feed.add({ of: 'change', event: linkChanges }), { placeOf: ({ linkChanges }) => linkChanges.id })
  return (
    <div className="beside">
      <section aria-label="Events" className="panel flush">
        <div className="feed-head">
          <p role="status" className={`live ${changes.state.toLowerCase()}`}>
            {STATES[changes.state]}
            {changes.reason ? `: ${changes.reason}` : ''}
          </p>
          {changes.state === 'ENDED' ? (
            <button type="button" onClick={() => void enterToken()}>
              Enter a token
            </button>
          ) : null}
          {feed.waiting > 0 ? <span className="quiet">{plural(feed.waiting, 'event')} waiting</span> : null}
          <button type="button" onClick={() => feed.pause(!feed.isPaused)}>
            {feed.isPaused ? 'Go on' : 'Pause'}
          </button>
        </div>
        {hasClicks ? <ClicksOf filter={filter} add={feed.add} /> : null}
        {feed.events.length === 0 ? (
          <Empty>Nothing has happened since you opened this view. Create or change a link, and it appears here.</Empty>
        ) : (
          <ol
            className="events"
            aria-label="Events, newest first"
            onPointerEnter={() => feed.hold(true)}
            onPointerLeave={() => feed.hold(false)}
            onFocus={() => feed.hold(true)}
            onBlur={() => feed.hold(false)}
          >
            {feed.events.map((entry) => (
              <EventRow key={`${entry.of}${entry.event.account.key}${entry.event.id}`} entry={entry} />
            ))}
          </ol>
        )}
      </section>
      <HealthList accounts={accounts} />
    </div>
  )
}

/** Clicks are a subscription of their own. It needs the catalog or webhooks. */
function ClicksOf({ filter, add }: { filter: { accounts: string[] } | null; add: ReturnType<typeof useFeed>['add'] }) {
  const clicks = useEvents(CLICKS, { filter }, (data) => add({ of: 'clicks', event: data.clicks }), { placeOf: (data) => data.clicks.id })
  return clicks.state === 'ENDED' ? <p className="quiet">No clicks are told: {clicks.reason}</p> : null
}
