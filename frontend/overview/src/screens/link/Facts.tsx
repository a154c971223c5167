import type { ReactNode } from 'react'

import { count, day, moment } from '../../format'
import { labelOf } from '../../gateway'
import { Go } from '../../parts/Go'
import { addressOf } from '../../route'
import type { Detail } from './LinkDetail'

const NOT_TOLD = <span className="quiet">not told by this vendor</span>
const NOT_HELD = <span className="quiet">this vendor holds none</span>
const NONE = <span className="quiet">none</span>

/** What is known of a link. What its vendor does not tell is said to be so. */
export function Facts({ link }: { link: Detail }) {
  const facts: [string, ReactNode][] = [
    [
      'Short link',
      <a key="short" href={link.shortUrl} rel="noreferrer noopener" target="_blank">
        {link.shortUrl}
      </a>,
    ],
    ['Destination', link.destination],
    [
      'Account',
      <>
        <Go href={addressOf('links', { account: link.account.key })}>{labelOf(link.account)}</Go> ({link.provider.name})
      </>,
    ],
    ['Created', link.createdAt ? moment(link.createdAt) : NOT_TOLD],
    ['Last click', link.lastClickAt ? moment(link.lastClickAt) : NOT_TOLD],
    ['Tags', link.tags.length > 0 ? <Tags names={link.tags.map((each) => each.name)} /> : holds(link, 'tags') || holds(link, 'addTags') ? NONE : NOT_HELD],
    ['Note', link.note ?? (holds(link, 'note') ? NONE : NOT_HELD)],
    ['Expires', expiryOf(link)],
    ['Password', link.passwordProtected === null ? NOT_TOLD : link.passwordProtected ? 'yes' : 'no'],
    ['Archived', link.archived === null ? NOT_TOLD : link.archived ? 'yes' : 'no'],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="long">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Tags({ names }: { names: readonly string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 ? ', ' : ''}
      <Go href={addressOf('links', { tag: name })}>{name}</Go>
    </span>
  ))
}

function holds(link: Detail, field: string): boolean {
  return link.provider.creatableLinkFields.includes(field) || link.provider.updatableLinkFields.includes(field)
}

function expiryOf(link: Detail): ReactNode {
  const { expiry } = link
  const parts = [expiry?.at ? day(expiry.at) : '', expiry?.afterClicks ? `after ${count(expiry.afterClicks)} clicks` : ''].filter(Boolean)
  if (parts.length === 0) return holds(link, 'expiry') ? <span className="quiet">never</span> : NOT_TOLD
  return `${parts.join(', or ')}${expiry?.redirectTo ? `, then to ${expiry.redirectTo}` : ''}`
}
