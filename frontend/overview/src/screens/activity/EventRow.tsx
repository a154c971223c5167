import { plural, time, valueOf, withoutScheme, words } from '../../format'
import { AccountName } from '../../parts/AccountName'
import { countryOf } from '../../parts/countries'
import { Go } from '../../parts/Go'
import { addressOf } from '../../route'
import type { ActivityEvent, Change, Clicks } from './events'

const KINDS: Record<string, string> = { CREATED: 'good', DELETED: 'bad', GAP: 'warn' }

/** One event: what happened, to which link, how much of it is known. */
export function EventRow({ entry }: { entry: ActivityEvent }) {
  const { event } = entry
  return (
    <li className={event.kind === 'GAP' ? 'event gap' : 'event'}>
      <time dateTime={event.at}>{time(event.at)}</time>
      <span className={`badge ${KINDS[event.kind] ?? ''}`}>{entry.of === 'clicks' && event.kind !== 'GAP' ? plural(entry.event.count, 'click') : words(event.kind)}</span>
      <div className={entry.of === 'clicks' ? 'line' : undefined}>
        {event.kind === 'GAP' ? (
          <p>
            Some {entry.of === 'clicks' ? 'clicks' : 'changes'} of <AccountName of={event.account} /> are missing here: the gateway does not have them any more.{' '}
            <Go href={addressOf('links', { account: event.account.key })}>Look at its links</Go>
          </p>
        ) : (
          <>
            <p>
              <LinkName event={event} /> <span className="quiet"><AccountName of={event.account} /></span>
            </p>
            {entry.of === 'clicks' ? <ClickDetails event={entry.event} /> : <ChangeDetails event={entry.event} />}
          </>
        )}
      </div>
    </li>
  )
}

function LinkName({ event }: { event: Change | Clicks }) {
  if (!event.link) return <>A link that the gateway does not know any more</>
  const name = withoutScheme(event.link.shortUrl)
  return event.kind === 'DELETED' ? <s>{name}</s> : <Go href={addressOf('link', { id: event.link.id })}>{name}</Go>
}

function ClickDetails({ event }: { event: Clicks }) {
  const referrer = event.referrer && withoutScheme(event.referrer)
  const told = [event.country ? countryOf(event.country) : '', event.device?.toLowerCase(), referrer ? `from ${referrer}` : ''].filter(Boolean).join(', ')
  return <small className="long">{event.seenBy === 'WEBHOOK' ? told || 'told by the vendor' : `since the gateway last read its total${told ? `: ${told}` : ''}`}</small>
}

function ChangeDetails({ event }: { event: Change }) {
  return (
    <>
      {event.fields.map((field) => (
        <small key={field.name} className="long">
          {words(field.name)}: {valueOf(field.before) ?? (event.kind === 'UPDATED' ? 'not known before' : 'none')} → {valueOf(field.after) ?? 'none'}
        </small>
      ))}
      <small>{event.seenBy === 'GATEWAY' ? 'made or read through this gateway' : event.seenBy === 'SYNC' ? 'seen when the gateway read the vendor' : 'told by the vendor'}</small>
    </>
  )
}
