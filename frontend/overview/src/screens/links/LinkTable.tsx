import { useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'

import { useMatches } from '../../parts/useMatches'
import { COLUMNS, columnId, FEATURES, ORDER_OF, shownIn, WIDTHS } from './columns'
import type { Row } from './list'
import { directionOf, orderedBy, show, type View } from './view'

const ROW_HEIGHT = 44
const NARROW_ROW_HEIGHT = 84
/** How many rows before the last one more of them are read. */
const AHEAD = 60

type Settings = { view: View; rows: readonly Row[]; more: () => void; isBusy: boolean; canOrder: boolean; total: number | null }

/**
 * The rows of a list, of which only those in sight are drawn.
 *
 * The table gets the rows in sight and no others, so that it costs the same with a hundred rows and with a hundred thousand.
 */
export function LinkTable({ view, rows, more, isBusy, canOrder, total }: Settings) {
  const isNarrow = useMatches('(max-width: 700px)')
  const place = useRef<HTMLDivElement>(null)
  const height = isNarrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => place.current, estimateSize: () => height, overscan: 12, scrollPaddingStart: ROW_HEIGHT })
  useEffect(() => virtual.measure(), [virtual, height])

  const items = virtual.getVirtualItems()
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? -1]
  const inSight = useMemo(() => rows.slice(first, last + 1), [rows, first, last])
  const chosen = shownIn(view.columns, view.order, isNarrow)
  const columnVisibility = Object.fromEntries(COLUMNS.map((each) => [columnId(each), chosen.includes(columnId(each))]))
  const table = useTable({ features: FEATURES, columns: COLUMNS, data: inSight, getRowId: (row) => row.id, state: { columnVisibility } })
  const { active, onKeyDown } = useRowKeys(rows.length, first, last, virtual.scrollToIndex, place)

  useEffect(() => {
    if (last >= rows.length - AHEAD) more()
  }, [last, more, rows.length])

  const template = isNarrow ? undefined : table.getVisibleLeafColumns().map((each) => WIDTHS[each.id] ?? '1fr').join(' ')
  return (
    <div className={isNarrow ? 'list narrow' : 'list'} ref={place} onKeyDown={onKeyDown}>
      <div role="grid" aria-label="Links" aria-rowcount={(total ?? rows.length) + 1} aria-busy={isBusy} style={{ '--columns': template } as React.CSSProperties}>
        <div role="rowgroup" className="head">
          {table.getHeaderGroups().map((group) => (
            <div role="row" className="row" aria-rowindex={1} key={group.id}>
              {group.headers.map((header) => (
                <Head key={header.id} name={header.column.id} title={String(header.column.columnDef.header)} view={view} canOrder={canOrder} />
              ))}
            </div>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {table.getRowModel().rows.map((row, index) => (
            <div role="row" className="row" key={row.id} aria-rowindex={first + index + 2} data-index={first + index} data-active={first + index === active || undefined} style={{ height, transform: `translateY(${items[index]?.start ?? 0}px)` }}>
              {row.getVisibleCells().map((cell) => (
                <span role="gridcell" key={cell.id} data-column={cell.column.id}>
                  <table.FlexRender cell={cell} />
                </span>
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

function Head({ name, title, view, canOrder }: { name: string; title: string; view: View; canOrder: boolean }) {
  const order = canOrder ? ORDER_OF[name] : undefined
  const isInOrder = order !== undefined && view.order === order
  const sort = isInOrder ? (directionOf(view) === 'ASC' ? 'ascending' : 'descending') : undefined
  return (
    <span role="columnheader" data-column={name} aria-sort={sort}>
      {order === undefined ? (
        title
      ) : (
        <button type="button" onClick={() => show(orderedBy(view, order))}>
          {title}
          <span aria-hidden="true">{sort === 'ascending' ? ' ↑' : sort === 'descending' ? ' ↓' : ''}</span>
        </button>
      )}
    </span>
  )
}

type RowKeys = { active: number; onKeyDown: (event: KeyboardEvent) => void }

/** Moves the focus from row to row by the arrow keys, by pages, and to both ends. Tab leaves the table. */
function useRowKeys(rows: number, first: number, last: number, scrollTo: (index: number) => void, place: React.RefObject<HTMLDivElement | null>): RowKeys {
  const [active, setActive] = useState(0)
  const wanted = useRef<number | null>(null)
  const page = Math.max(1, Math.floor((place.current?.clientHeight ?? ROW_HEIGHT) / ROW_HEIGHT) - 2)
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows, End: rows }

  // A row that was not in sight has its link only after the table has scrolled to it.
  useEffect(() => {
    const shown = [...(place.current?.querySelectorAll<HTMLElement>('[role=row] [role=gridcell]:first-child a') ?? [])]
    const reachable = Math.min(Math.max(active, first), Math.max(last, first))
    for (const link of shown) {
      const index = Number(link.closest('[role=row]')?.getAttribute('data-index'))
      link.tabIndex = index === reachable ? 0 : -1
      if (index !== wanted.current) continue
      wanted.current = null
      link.focus({ preventScroll: true })
    }
  })

  function onKeyDown(event: KeyboardEvent) {
    const step = steps[event.key]
    if (step === undefined || !(event.target as Element).closest('[role=gridcell]')) return
    event.preventDefault()
    const from = Number((event.target as Element).closest('[role=row]')?.getAttribute('data-index') ?? active)
    wanted.current = Math.min(Math.max(from + step, 0), rows - 1)
    setActive(wanted.current)
    scrollTo(wanted.current)
  }
  return { active, onKeyDown }
}

