import { lastDays, rangeOf } from '../../days'
import type { Gateway } from '../../gateway'
import type { LinkFilter, LinkOrder, LinkOrderField, OrderDirection } from '../../generated/graphql'
import { addressOf, go, type Route } from '../../route'

/** The settings of the list. All of them are in the address, so that a shared address shows the same list. */
export type View = {
  search: string
  tag: string
  accounts: readonly string[]
  archived: string
  from: string
  to: string
  order: string
  direction: string
  columns: readonly string[]
}

type Order = { field: LinkOrderField; direction: OrderDirection; label: string }

/** The orders, each with the direction that is wanted more often. */
export const ORDERS: Record<string, Order> = {
  created: { field: 'CREATED_AT', direction: 'DESC', label: 'created' },
  clicks: { field: 'CLICKS', direction: 'DESC', label: 'all clicks' },
  month: { field: 'CLICKS_IN_RANGE', direction: 'DESC', label: 'clicks in 30 days' },
  clicked: { field: 'LAST_CLICK_AT', direction: 'DESC', label: 'last click' },
  title: { field: 'TITLE', direction: 'ASC', label: 'title' },
  destination: { field: 'DESTINATION', direction: 'ASC', label: 'destination' },
}

export function viewOf(route: Route): View {
  const order = route.get('order')
  return {
    search: route.get('search'),
    tag: route.get('tag'),
    accounts: route.all('account'),
    archived: route.get('archived'),
    from: route.get('from'),
    to: route.get('to'),
    order: order in ORDERS ? order : 'created',
    direction: route.get('direction'),
    columns: route.get('columns').split(',').filter(Boolean),
  }
}

/** Shows the list with other settings. It leaves no step in the history: that would be one for each letter. */
export function show(view: View): void {
  const { accounts, columns, order, ...rest } = view
  go(addressOf('links', { ...rest, account: [...accounts], order: order === 'created' ? '' : order, columns: columns.join(',') }), true)
}

/** Whether the view leaves out some links. */
export function isFiltered(view: View): boolean {
  return Boolean(view.search || view.tag || view.accounts.length > 0 || view.archived || view.from || view.to)
}

export function filterOf(view: View): LinkFilter {
  return {
    ...(view.search ? { search: view.search } : {}),
    ...(view.tag ? { tags: { any: [view.tag] } } : {}),
    ...(view.accounts.length > 0 ? { accounts: [...view.accounts] } : {}),
    ...(view.archived ? { archived: view.archived === 'yes' } : {}),
    ...(view.from ? { createdAfter: `${view.from}T00:00:00Z` } : {}),
    ...(view.to ? { createdBefore: new Date(Date.parse(`${view.to}T00:00:00Z`) + 86_400_000).toISOString() } : {}),
  }
}

/** The direction of the view's order. */
export function directionOf(view: View): OrderDirection {
  if (view.direction === 'asc') return 'ASC'
  if (view.direction === 'desc') return 'DESC'
  return ORDERS[view.order]?.direction ?? 'DESC'
}

/** The order of the view. Without a catalog there is but one, which is the vendors'. So it is while the catalog is not filled. */
export function orderOf(view: View, { hasCatalog, isFilled }: Gateway): LinkOrder | null {
  const order = ORDERS[view.order]
  const isUsual = view.order === 'created' && directionOf(view) === 'DESC'
  if (!order || !hasCatalog || (!isFilled && isUsual)) return null
  const range = order.field === 'CLICKS_IN_RANGE' ? { range: rangeOf(lastDays(30)) } : {}
  return { field: order.field, direction: directionOf(view), ...range }
}

/** The view in the order of a column: the other way round if it is in that order already. */
export function orderedBy(view: View, order: string): View {
  if (view.order !== order) return { ...view, order, direction: '' }
  return { ...view, direction: directionOf(view) === 'ASC' ? 'desc' : 'asc' }
}
