import { columnVisibilityFeature, createColumnHelper, tableFeatures } from '@tanstack/react-table'

import { count, date, moment, withoutScheme } from '../../format'
import { labelOf } from '../../gateway'
import { AccountName } from '../../parts/AccountName'
import { Go } from '../../parts/Go'
import { addressOf } from '../../route'
import type { Row } from './list'

export const FEATURES = tableFeatures({ columnVisibilityFeature })

const helper = createColumnHelper<typeof FEATURES, Row>()

function bare(url: string): string {
  return withoutScheme(url).replace(/\/$/, '')
}

/** The columns that can be shown. Their order is that of the table. */
export const COLUMNS = helper.columns([
  helper.accessor('shortUrl', {
    header: 'Short link',
    // Which row the keyboard is at is known to the table, which sets tabIndex.
    cell: ({ row }) => <Go href={addressOf('link', { id: row.original.id })} title={row.original.shortUrl}>{bare(row.original.shortUrl)}</Go>,
  }),
  helper.accessor('title', { header: 'Title', cell: ({ row }) => row.original.title ?? <Unknown /> }),
  helper.accessor('destination', { header: 'Destination', cell: ({ row }) => <span title={row.original.destination}>{bare(row.original.destination)}</span> }),
  helper.accessor((row) => labelOf(row.account), { id: 'account', header: 'Account', cell: ({ row }) => <AccountName of={row.original.account} /> }),
  helper.accessor((row) => row.tags, { id: 'tags', header: 'Tags', cell: ({ row }) => <Tags names={row.original.tags.map((tag) => tag.name)} /> }),
  helper.accessor('note', { header: 'Note', cell: ({ row }) => row.original.note ?? <Unknown /> }),
  helper.accessor('createdAt', { id: 'created', header: 'Created', cell: ({ row }) => <Moment value={row.original.createdAt} /> }),
  helper.accessor('lastClickAt', { id: 'clicked', header: 'Last click', cell: ({ row }) => <Moment value={row.original.lastClickAt} /> }),
  helper.accessor('archived', { header: 'Archived', cell: ({ row }) => (row.original.archived === null ? <Unknown /> : row.original.archived ? 'yes' : 'no') }),
  helper.accessor('clicksInRange', { id: 'month', header: 'In 30 days', cell: ({ row }) => count(row.original.clicksInRange) }),
  helper.accessor('clicks', { header: 'All clicks', cell: ({ row }) => count(row.original.clicks) }),
])

/** The columns that are shown unless the reader chooses others, and those of a narrow window. */
export const USUAL = ['shortUrl', 'title', 'destination', 'account', 'tags', 'created', 'clicks']
export const NARROW = ['shortUrl', 'destination', 'account', 'clicks']

/** The width of each column, and the order that its head leads to. */
export const WIDTHS: Record<string, string> = {
  shortUrl: 'minmax(140px, 2.6fr)',
  title: 'minmax(80px, 1.6fr)',
  destination: 'minmax(110px, 2.2fr)',
  account: 'minmax(90px, 1.4fr)',
  tags: 'minmax(80px, 1.4fr)',
  note: 'minmax(110px, 1.4fr)',
  created: '104px',
  clicked: '104px',
  archived: '84px',
  month: '92px',
  clicks: '92px',
}
export const ORDER_OF: Record<string, string> = { title: 'title', destination: 'destination', created: 'created', clicked: 'clicked', month: 'month', clicks: 'clicks' }

/** Returns the columns of a list in an order: those that the reader has chosen, and the number that it is ordered by. */
export function shownIn(chosen: readonly string[], order: string, isNarrow: boolean): readonly string[] {
  const columns = isNarrow ? NARROW : chosen.length > 0 ? chosen : USUAL
  return order === 'month' ? [...columns.filter((each) => !isNarrow || each !== 'clicks'), 'month'] : columns.filter((each) => each !== 'month')
}

/** What a column is called in the address. */
export function columnId(column: { id?: string; accessorKey?: unknown }): string {
  return column.id ?? String(column.accessorKey)
}

function Unknown() {
  return <span className="quiet">–</span>
}

function Moment({ value }: { value?: string | null }) {
  return value ? <time dateTime={value} title={moment(value)}>{date(value)}</time> : <Unknown />
}

function Tags({ names }: { names: readonly string[] }) {
  if (names.length === 0) return <Unknown />
  return <span title={names.join(', ')}>{names.join(', ')}</span>
}
