import { useMemo } from 'react'

import { count, plural } from '../../format'
import { useGateway } from '../../gateway'
import { Loading, Problems } from '../../parts/Answer'
import { Go } from '../../parts/Go'
import { Empty } from '../../parts/Notice'
import { Sources } from '../../parts/Sources'
import { addressOf, useRoute } from '../../route'
import { ColumnPicker, Filters } from './Filters'
import { LinkTable } from './LinkTable'
import { SaveCsv } from './SaveCsv'
import { type Listed, useList } from './useList'
import { filterOf, isFiltered, orderOf, viewOf } from './view'

/** One table of the links of all accounts. What it shows is in the address. */
export function Links() {
  const gateway = useGateway()
  const { isKnown, hasCatalog, mayWrite } = gateway
  const route = useRoute()
  const [view, deleted] = [viewOf(route), route.get('deleted')]
  const question = { filter: filterOf(view), orderBy: orderOf(view, gateway) }
  const text = JSON.stringify(question)
  const stable = useMemo(() => JSON.parse(text) as typeof question, [text])
  const list = useList(stable, isKnown)
  const total = list.data?.links.totalCount ?? null
  return (
    <>
      <header className="title">
        <h1>Links</h1>
        <div className="buttons">
          <ColumnPicker view={view} />
          <SaveCsv question={stable} total={total} />
        </div>
      </header>
      <Filters view={view} />
      {deleted ? <p role="status">{deleted} is deleted.</p> : null}
      <div className="status-line">
        <p className="quiet" role="status">
          {statusOf(list, hasCatalog)}
        </p>
        {list.data ? <Sources sources={list.data.links.sources} /> : null}
      </div>
      <Problems error={list.error} again={list.again} isPartial={list.rows.length > 0} />
      {list.rows.length > 0 ? <LinkTable view={view} rows={list.rows} more={list.more} isBusy={list.fetching} canOrder={hasCatalog} total={total} /> : null}
      {list.rows.length === 0 && list.fetching ? <Loading height={480} /> : null}
      {list.rows.length === 0 && !list.fetching && list.data && !list.error ? (
        <Empty>
          <p>{isFiltered(view) ? 'No link is like that.' : 'There are no links yet.'}</p>
          {isFiltered(view) ? <Go href={addressOf('links')}>Show all links</Go> : mayWrite ? <Go href={addressOf('create')}>Create a link</Go> : null}
        </Empty>
      ) : null}
    </>
  )
}

function statusOf(list: Listed, hasCatalog: boolean): string {
  if (list.rows.length === 0) return list.fetching ? 'Loading …' : ''
  const total = list.data?.links.totalCount
  const hasMore = list.data?.links.pageInfo.hasNextPage
  const known = total === null || total === undefined ? `${count(list.rows.length)}${hasMore ? ' or more' : ''} links` : plural(total, 'link')
  return hasCatalog ? known : `${known}, as the vendors list them. Other orders need the catalog.`
}
