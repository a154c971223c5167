import { useMemo, useState } from 'react'

import { client } from '../client'
import { count, day, lastDays, moment, words } from '../format'
import { graphql } from '../generated'
import type { LinkDetailQuery, UpdateLinkInput } from '../generated/graphql'
import { Answer } from '../parts/Answer'
import { Figure } from '../parts/Figure'
import { StackedDays } from '../parts/StackedDays'
import { colourAt } from '../parts/colours'
import { addressOf, go, useRoute } from '../route'
import { useAsked } from '../useAsked'
import { History } from './History'

const LINK = graphql(`
  query LinkDetail($id: ID!, $range: DateRange!) {
    link(id: $id) {
      id
      shortUrl
      destination
      title
      note
      slug
      createdAt
      lastClickAt
      archived
      passwordProtected
      clicks
      uniqueClicks
      account { key }
      provider { name capabilities writableLinkFields }
      tags { name }
      expiry { at afterClicks redirectTo }
      qrCode { svg }
      stats(range: $range) {
        clicks
        uniqueClicks
        series { date clicks }
        sources { status error { message } notice }
        countries: breakdown(by: COUNTRY, first: 8) { buckets { key label clicks } }
        referrers: breakdown(by: REFERRER, first: 8) { buckets { key label clicks } }
        devices: breakdown(by: DEVICE, first: 8) { buckets { key label clicks } }
      }
    }
  }
`)

const UPDATE = graphql(`
  mutation UpdateLink($input: UpdateLinkInput!) {
    updateLink(input: $input) { applied failed link { id } errors { message } }
  }
`)

const DELETE = graphql(`
  mutation DeleteLink($id: ID!) {
    deleteLinks(ids: [$id]) { deleted errors { message } }
  }
`)

type Detail = NonNullable<LinkDetailQuery['link']>

/** One link: what it is, its clicks, and what its vendor lets the reader change. */
export function LinkDetail() {
  const id = useRoute().get('id')
  const days = useMemo(() => lastDays(30), [])
  const range = useMemo(() => ({ from: days[0] ?? null, to: days.at(-1) ?? null }), [days])
  const asked = useAsked(LINK, { id, range })
  return (
    <Answer asked={asked}>
      {({ link }) => (link ? <Shown key={link.id} link={link} days={days} again={asked.again} /> : <p className="quiet">There is no such link, or you may not see it.</p>)}
    </Answer>
  )
}

function Shown({ link, days, again }: { link: Detail; days: readonly string[]; again: () => void }) {
  return (
    <>
      <header className="title">
        <h1>{link.title ?? link.shortUrl.replace(/^https?:\/\//, '')}</h1>
      </header>
      <div className="columns">
        <Facts link={link} />
        <img className="qr" alt={`QR code of ${link.shortUrl}`} src={`data:image/svg+xml,${encodeURIComponent(link.qrCode.svg)}`} />
      </div>
      <Statistics link={link} days={days} />
      <Edit link={link} again={again} />
      <History id={link.id} />
    </>
  )
}

function Facts({ link }: { link: Detail }) {
  const facts: [string, string][] = [
    ['Account', `${link.account.key} (${link.provider.name})`],
    ['Created', link.createdAt ? moment(link.createdAt) : 'not told by this vendor'],
    ['Last click', link.lastClickAt ? moment(link.lastClickAt) : 'not told'],
    ['Tags', link.tags.map((tag) => tag.name).join(', ') || 'none'],
    ['Note', link.note ?? 'none'],
    ['Expires', link.expiry?.at ? day(link.expiry.at) : 'never, as far as told'],
    ['Archived', link.archived === null || link.archived === undefined ? 'not told' : link.archived ? 'yes' : 'no'],
  ]
  return (
    <dl className="facts">
      <dt>Short link</dt>
      <dd>
        <a href={link.shortUrl} rel="noreferrer noopener" target="_blank">
          {link.shortUrl}
        </a>
      </dd>
      <dt>Destination</dt>
      <dd className="long">{link.destination}</dd>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Statistics({ link, days }: { link: Detail; days: readonly string[] }) {
  const layers = useMemo(() => {
    const known = new Map(link.stats.series?.map((point) => [point.date, point.clicks ?? null]))
    return [{ name: link.account.key, colour: colourAt(0), clicks: days.map((each) => known.get(each) ?? null) }]
  }, [days, link])
  const lacking = link.stats.sources.filter((each) => each.status !== 'OK')
  return (
    <section aria-label="Clicks">
      <h2>Clicks</h2>
      <dl className="figures">
        <Figure label="All clicks" value={link.clicks} meaning="since the link was created" />
        <Figure label="Clicks" value={link.stats.clicks} meaning={link.stats.clicks === null ? 'not told for a range of days' : 'in 30 days'} />
        <Figure label="Unique clicks" value={link.stats.uniqueClicks} meaning={link.stats.uniqueClicks === null ? 'not told' : 'in 30 days'} />
      </dl>
      {lacking.map((each) => (
        <p key={each.status} className="problems">
          {words(each.status)}. {each.error?.message ?? each.notice}
        </p>
      ))}
      {link.stats.series ? <StackedDays days={days} layers={layers} /> : <p className="quiet">This vendor tells no days.</p>}
      <div className="breakdowns">
        <Breakdown title="Countries" buckets={link.stats.countries?.buckets} />
        <Breakdown title="Referrers" buckets={link.stats.referrers?.buckets} />
        <Breakdown title="Devices" buckets={link.stats.devices?.buckets} />
      </div>
    </section>
  )
}

function Breakdown({ title, buckets }: { title: string; buckets?: readonly { key: string; label: string; clicks?: number | null }[] }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {buckets === undefined ? (
        <p className="quiet">Not told by this vendor.</p>
      ) : buckets.length === 0 ? (
        <p className="quiet">No clicks in these days.</p>
      ) : (
        <table>
          <tbody>
            {buckets.map((each) => (
              <tr key={each.key}>
                <th scope="row">{each.label}</th>
                <td className="number">{count(each.clicks)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

const EDITABLE: [keyof UpdateLinkInput & ('destination' | 'title' | 'note'), string][] = [
  ['destination', 'Destination'],
  ['title', 'Title'],
  ['note', 'Note'],
]

function Edit({ link, again }: { link: Detail; again: () => void }) {
  const [told, setTold] = useState<string[]>([])
  const can = (name: string) => link.provider.capabilities.some((each) => each === name)

  async function change(form: FormData) {
    const input: UpdateLinkInput = { id: link.id }
    for (const [name] of EDITABLE) {
      const value = String(form.get(name) ?? '')
      if (value !== (link[name] ?? '')) input[name] = name === 'destination' ? value : value || null
    }
    const added = String(form.get('addTags') ?? '').split(',').map((tag) => tag.trim()).filter(Boolean)
    if (added.length > 0) input.addTags = added
    const answer = await client.mutation(UPDATE, { input }).toPromise()
    const failed = answer.error?.graphQLErrors.map((each) => each.message) ?? []
    setTold([...failed, ...(answer.data?.updateLink.errors.map((each) => each.message) ?? [])])
    if (answer.data && answer.data.updateLink.errors.length === 0) again()
  }

  async function remove() {
    if (!window.confirm(`Delete ${link.shortUrl} at ${link.provider.name}? Whoever follows it will no longer arrive.`)) return
    const answer = await client.mutation(DELETE, { id: link.id }).toPromise()
    const errors = [...(answer.error?.graphQLErrors ?? []), ...(answer.data?.deleteLinks[0]?.errors ?? [])].map((each) => each.message)
    if (answer.data?.deleteLinks[0]?.deleted) go(addressOf('links'))
    else setTold(errors)
  }

  return (
    <section aria-label="Change">
      <h2>Change</h2>
      {told.length > 0 ? (
        <div className="problems" role="alert">
          {told.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      ) : null}
      {can('UPDATE_LINK') ? (
        <form className="form" action={change}>
          {EDITABLE.map(([name, label]) => (
            <label key={name}>
              {label}
              <input name={name} defaultValue={link[name] ?? ''} type={name === 'destination' ? 'url' : 'text'} />
            </label>
          ))}
          <label>
            Add tags
            <input name="addTags" placeholder="spring, launch" />
          </label>
          <button type="submit">Save</button>
        </form>
      ) : (
        <p className="quiet">{link.provider.name} lets nobody change a link.</p>
      )}
      {can('DELETE_LINK') ? (
        <button type="button" className="danger" onClick={() => void remove()}>
          Delete this link
        </button>
      ) : null}
    </section>
  )
}
