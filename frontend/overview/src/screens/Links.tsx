import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useRef, useState } from 'react'

import { client } from '../client'
import { count, moment } from '../format'
import { graphql } from '../generated'
import type { LinkFilter, LinkListQuery, LinkListQueryVariables, LinkOrder } from '../generated/graphql'
import { type Asked, Problems } from '../parts/Answer'
import { Go } from '../parts/Go'
import { Sources } from '../parts/Sources'
import { toCsv } from '../parts/csv'
import { addressOf, go, type Route, useRoute } from '../route'
import { useAsked } from '../useAsked'

const LIST = graphql(`
  query LinkList($first: Int!, $after: String, $filter: LinkFilter, $orderBy: LinkOrder) {
    links(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      nodes {
        id
        shortUrl
        destination
        title
        createdAt
        clicks
        archived
        account { key }
        tags { name }
      }
      totalCount
      pageInfo { hasNextPage endCursor }
      sources { account { key } status error { message } notice }
    }
  }
`)

const ACCOUNT_KEYS = graphql(`
  query AccountKeys {
    accounts { key }
  }
`)

type Row = LinkListQuery['links']['nodes'][number]
type Listed = Asked<LinkListQuery> & { rows: Row[]; more: () => void }

const PAGE = 50
const ROW_HEIGHT = 56
const ORDERS: Record<string, LinkOrder> = {
  clicks: { field: 'CLICKS', direction: 'DESC' },
  month: { field: 'CLICKS_IN_RANGE', direction: 'DESC' },
  clicked: { field: 'LAST_CLICK_AT', direction: 'DESC' },
  title: { field: 'TITLE', direction: 'ASC' },
  destination: { field: 'DESTINATION', direction: 'ASC' },
}
const ORDER_NAMES: [string, string][] = [
  ['', 'newest first'],
  ['clicks', 'most clicks'],
  ['month', 'most clicks in 30 days'],
  ['clicked', 'last clicked'],
  ['title', 'title'],
  ['destination', 'destination'],
]

function filterOf(route: Route): LinkFilter {
  const search = route.get('search')
  const tag = route.get('tag')
  const accounts = route.all('account')
  const archived = route.get('archived')
  return {
    ...(search ? { search } : {}),
    ...(tag ? { tags: { any: [tag] } } : {}),
    ...(accounts.length > 0 ? { accounts } : {}),
    ...(archived ? { archived: archived === 'yes' } : {}),
  }
}

/** Reads a list page by page, as the reader comes near its end. Another question begins with an empty list. */
function useList(variables: Omit<LinkListQueryVariables, 'after' | 'first'>): Listed {
  const question = JSON.stringify(variables)
  const [state, setState] = useState<{ question: string; rows: Row[] } & Asked<LinkListQuery>>({ question, rows: [], fetching: true })
  const running = useRef('')

  const read = useCallback(
    async (after: string | null, known: Row[]) => {
      const id = `${question}${after ?? ''}`
      if (running.current === id) return
      running.current = id
      setState((old) => ({ ...old, question, rows: known, fetching: true }))
      const answer = await client.query(LIST, { ...JSON.parse(question), first: PAGE, after }).toPromise()
      if (running.current !== id) return
      running.current = ''
      setState({ question, rows: [...known, ...(answer.data?.links.nodes ?? [])], data: answer.data, error: answer.error, fetching: false })
    },
    [question],
  )

  useEffect(() => void read(null, []), [read])

  const page = state.data?.links.pageInfo
  const more = useCallback(() => {
    if (page?.hasNextPage && running.current === '' && !state.error) void read(page.endCursor ?? null, state.rows)
  }, [page, read, state.error, state.rows])
  return { ...state, more }
}

/** One table of the links of all accounts. Its settings are in the address. */
export function Links() {
  const route = useRoute()
  const order = ORDERS[route.get('order')]
  const list = useList({ filter: filterOf(route), orderBy: order ?? null })
  const set = (name: string, value: string | string[]) => go(addressOf('links', { ...settingsOf(route), [name]: value }), true)

  return (
    <>
      <header className="title">
        <h1>Links</h1>
        <button type="button" onClick={() => save(list.rows)} disabled={list.rows.length === 0}>
          Save as CSV
        </button>
      </header>
      <Filters route={route} set={set} />
      <p className="quiet" role="status">
        {statusOf(list)}
      </p>
      <Problems error={list.error} />
      {list.data ? <Sources sources={list.data.links.sources} /> : null}
      <Table rows={list.rows} more={list.more} busy={list.fetching} />
    </>
  )
}

function settingsOf(route: Route): Record<string, string | string[]> {
  return {
    search: route.get('search'),
    tag: route.get('tag'),
    account: route.all('account'),
    archived: route.get('archived'),
    order: route.get('order'),
  }
}

function statusOf(list: Listed): string {
  if (list.fetching && list.rows.length === 0) return 'Loading …'
  const total = list.data?.links.totalCount
  if (list.rows.length === 0) return list.error ? '' : 'No link matches.'
  const shown = list.data?.links.pageInfo.hasNextPage ? `The first ${count(list.rows.length)} links` : `${count(list.rows.length)} links`
  return total === null || total === undefined ? shown : `${shown} of ${count(total)}`
}

function Filters({ route, set }: { route: Route; set: (name: string, value: string | string[]) => void }) {
  const accounts = useAsked(ACCOUNT_KEYS, {})
  return (
    <search className="filters">
      <label>
        Search <input type="search" defaultValue={route.get('search')} onChange={(event) => set('search', event.target.value)} />
      </label>
      <label>
        Tag <input defaultValue={route.get('tag')} onChange={(event) => set('tag', event.target.value)} />
      </label>
      <label>
        Account{' '}
        <select value={route.all('account')[0] ?? ''} onChange={(event) => set('account', event.target.value)}>
          <option value="">all</option>
          {accounts.data?.accounts.map((each) => (
            <option key={each.key}>{each.key}</option>
          ))}
        </select>
      </label>
      <label>
        Order{' '}
        <select value={route.get('order')} onChange={(event) => set('order', event.target.value)}>
          {ORDER_NAMES.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Archived{' '}
        <select value={route.get('archived')} onChange={(event) => set('archived', event.target.value)}>
          <option value="">all</option>
          <option value="no">no</option>
          <option value="yes">yes</option>
        </select>
      </label>
    </search>
  )
}

const COLUMNS = ['Short link', 'Destination', 'Account', 'Tags', 'Created', 'Clicks']

function Table({ rows, more, busy }: { rows: Row[]; more: () => void; busy: boolean }) {
  const place = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => place.current, estimateSize: () => ROW_HEIGHT, overscan: 10 })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0

  useEffect(() => {
    if (last >= rows.length - 10) more()
  }, [last, more, rows.length])

  return (
    <div className="scroll list" ref={place} tabIndex={0} role="region" aria-label="Links" aria-busy={busy}>
      <div role="table" aria-rowcount={rows.length + 1} style={{ minWidth: 900 }}>
        <div role="row" className="row head" aria-rowindex={1}>
          {COLUMNS.map((each) => (
            <span role="columnheader" key={each}>
              {each}
            </span>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {shown.map((item) => {
            const row = rows[item.index]
            return row ? <LinkRow key={row.id} row={row} index={item.index} top={item.start} /> : null
          })}
        </div>
      </div>
    </div>
  )
}

function LinkRow({ row, index, top }: { row: Row; index: number; top: number }) {
  return (
    <div role="row" className="row" aria-rowindex={index + 2} style={{ position: 'absolute', top, height: ROW_HEIGHT, width: '100%' }}>
      <span role="cell">
        <Go href={addressOf('link', { id: row.id })}>{row.shortUrl.replace(/^https?:\/\//, '')}</Go>
        {row.title ? <small>{row.title}</small> : null}
      </span>
      <span role="cell" title={row.destination}>
        {row.destination.replace(/^https?:\/\//, '')}
      </span>
      <span role="cell">{row.account.key}</span>
      <span role="cell">{row.tags.map((tag) => tag.name).join(', ')}</span>
      <span role="cell">{row.createdAt ? moment(row.createdAt) : 'not told'}</span>
      <span role="cell" className="number">
        {count(row.clicks)}
      </span>
    </div>
  )
}

function save(rows: Row[]): void {
  const header = ['short_url', 'destination', 'account', 'title', 'tags', 'created_at', 'clicks']
  const lines = rows.map((row) => [row.shortUrl, row.destination, row.account.key, row.title, row.tags.map((tag) => tag.name).join(' '), row.createdAt, row.clicks])
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([toCsv([header, ...lines])], { type: 'text/csv' }))
  link.download = 'links.csv'
  link.click()
  URL.revokeObjectURL(link.href)
}
