import type { KnownAccount, Named } from '../gateway'
import type { Layer } from './StackedDays'
import { colourAt } from './colours'

type Series = readonly { date: string; clicks?: number | null }[] | null | undefined

/** The layers of a chart: one for each account that tells days. An account keeps its place and its colour, whatever the others tell. */
export function layersOf(accounts: readonly KnownAccount[], nameOf: (account: Named) => string, told: ReadonlyMap<string, Series>, days: readonly string[]): Layer[] {
  return accounts.flatMap((account, index) => {
    const series = told.get(account.key)
    if (!series) return []
    const known = new Map(series.map((point) => [point.date, point.clicks ?? null]))
    return [{ name: nameOf(account), colour: colourAt(index), clicks: days.map((day) => known.get(day) ?? null) }]
  })
}
