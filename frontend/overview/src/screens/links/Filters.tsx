import { useEffect, useState } from 'react'

import { type KnownAccount, labelOf, useGateway } from '../../gateway'
import { Picker } from '../../parts/Picker'
import { useMatches } from '../../parts/useMatches'
import { COLUMNS, columnId, USUAL } from './columns'
import { directionOf, isFiltered, ORDERS, orderedBy, show, type View } from './view'

/** What of the links is shown, and how. Each setting changes the address. In a narrow window most of them wait to be opened. */
export function Filters({ view }: { view: View }) {
  const isNarrow = useMatches('(max-width: 700px)')
  const search = <TextFilter label="Search" type="search" value={view.search} onChange={(text) => show({ ...view, search: text })} />
  if (!isNarrow) {
    return (
      <search className="filters">
        {search}
        <MoreFilters view={view} isNarrow={false} />
      </search>
    )
  }
  return (
    <search className="filters">
      {search}
      <details className="more">
        <summary>Filters and order</summary>
        <div className="filters">
          <MoreFilters view={view} isNarrow />
        </div>
      </details>
    </search>
  )
}

function MoreFilters({ view, isNarrow }: { view: View; isNarrow: boolean }) {
  const { accounts, hasCatalog } = useGateway()
  const set = (change: Partial<View>) => show({ ...view, ...change })
  return (
    <>
      <TextFilter label="Tag" type="text" value={view.tag} onChange={(tag) => set({ tag })} />
      <div className="field">
        <span aria-hidden="true">Accounts</span>
        <Picker
          label={accountsIn(view, accounts)}
          options={accounts.map((each) => [each.key, `${labelOf(each)} (${each.provider.name})`] as const)}
          chosen={view.accounts}
          onChange={(chosen) => set({ accounts: chosen })}
        />
      </div>
      <label>
        Created from
        <input type="date" value={view.from} onChange={(event) => set({ from: event.target.value })} />
      </label>
      <label>
        Created to
        <input type="date" value={view.to} onChange={(event) => set({ to: event.target.value })} />
      </label>
      <label>
        Archived
        <select value={view.archived} onChange={(event) => set({ archived: event.target.value })}>
          <option value="">all</option>
          <option value="no">no</option>
          <option value="yes">yes</option>
        </select>
      </label>
      {hasCatalog ? <OrderFilter view={view} isNarrow={isNarrow} /> : null}
      {isFiltered(view) ? (
        <button type="button" onClick={() => set({ search: '', tag: '', accounts: [], archived: '', from: '', to: '' })}>
          Clear
        </button>
      ) : null}
    </>
  )
}

function accountsIn(view: View, accounts: readonly KnownAccount[]): string {
  const [first, ...others] = view.accounts
  if (first === undefined) return 'All accounts'
  return others.length > 0 ? `${view.accounts.length} accounts` : labelOf(accounts.find((each) => each.key === first) ?? { key: first })
}

/** The order. Where the table has no heads that turn it round, a button does. */
function OrderFilter({ view, isNarrow }: { view: View; isNarrow: boolean }) {
  return (
    <>
      <label>
        Order
        <select value={view.order} onChange={(event) => show({ ...view, order: event.target.value, direction: '' })}>
          {Object.entries(ORDERS).map(([name, order]) => (
            <option key={name} value={name}>
              {order.label}
            </option>
          ))}
        </select>
      </label>
      {isNarrow ? (
        <button type="button" onClick={() => show(orderedBy(view, view.order))}>
          {directionOf(view) === 'ASC' ? 'ascending' : 'descending'}
        </button>
      ) : null}
    </>
  )
}

/** Lets the reader choose the columns, but for the first one. In a narrow window there are no columns to choose. */
export function ColumnPicker({ view }: { view: View }) {
  const isNarrow = useMatches('(max-width: 700px)')
  if (isNarrow) return null
  return (
    <Picker
      label="Columns"
      options={COLUMNS.slice(1).filter((each) => columnId(each) !== 'month').map((each) => [columnId(each), String(each.header)] as const)}
      chosen={view.columns.length > 0 ? view.columns : USUAL}
      onChange={(chosen) => show({ ...view, columns: chosen.join() === USUAL.slice(1).join() ? [] : ['shortUrl', ...chosen] })}
    />
  )
}

const TYPING_MILLISECONDS = 250

/** A field whose text counts when the reader has stopped typing for a moment. */
function TextFilter({ label, type, value, onChange }: { label: string; type: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return undefined
    const timer = setTimeout(() => onChange(text), TYPING_MILLISECONDS)
    return () => clearTimeout(timer)
  })
  return (
    <label>
      {label}
      <input type={type} value={text} onChange={(event) => setText(event.target.value)} />
    </label>
  )
}
