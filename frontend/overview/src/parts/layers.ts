import type { Layer } from './StackedDays'
import { colourAt } from './colours'

type AccountDays = { account: { key: string }; series?: readonly { date: string; clicks?: number | null }[] | null }

/** The layers of a chart: one for each account that tells days. An account keeps its colour whatever the others tell. */
export function layersOf(accounts: readonly AccountDays[], days: readonly string[]): Layer[] {
  return accounts.flatMap(({ account, series }, index) => {
    if (!series) return []
    const known = new Map(series.map((point) => [point.date, point.clicks ?? null]))
    return [{ name: account.key, colour: colourAt(index), clicks: days.map((day) => known.get(day) ?? null) }]
  })
}
