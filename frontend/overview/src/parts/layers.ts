import { type KnownAccount, nameOf } from '../gateway'
import type { Layer } from './StackedDays'
import { colourAt } from './colours'

type Series = readonly { date: string; clicks?: number | null }[] | null | undefined

/** The layers of a chart: one for each account that tells days. An account keeps its place and its colour, whatever the others tell. */
export function layersOf(accounts: readonly KnownAccount[], told: ReadonlyMap<string, Series>, days: readonly string[]): Layer[] {
  return accounts.flatMap((account, index) => {
    const series = told.get(account.key)
    if (!series) return []
    const known = new Map(series.map((point) => [point.date, point.clicks ?? null]))
    const isAlone = accounts.filter((each) => nameOf(each) === nameOf(account)).length === 1
    const name = isAlone ? nameOf(account) : `${nameOf(account)} (${account.provider.name})`
    return [{ name, colour: colourAt(index), clicks: days.map((day) => known.get(day) ?? null) }]
  })
}
