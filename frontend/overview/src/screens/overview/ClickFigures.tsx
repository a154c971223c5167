import { count } from '../../format'
import { type Named, useNames } from '../../gateway'
import { Figure } from '../../parts/Figure'

/** What an account tells of a range of days; null where it does not tell it. */
export type Told = { account: Named; links: number; clicks?: number | null; uniqueClicks?: number | null }

/** The totals of a range of days, each with what it counts. `part` says how much of the clicks is known, and `linksPart` how many of the links. */
export function ClickFigures({ days, told, part, linksPart }: { days: number; told: readonly Told[]; part: string; linksPart?: string }) {
  const unique = told.filter((each) => isKnown(each.uniqueClicks))
  const links = sumOf(told, (each) => each.links) ?? 0
  const silent = told.filter((each) => !isKnown(each.clicks) && !isKnown(each.uniqueClicks))
  const nameOf = useNames()
  return (
    <dl className="figures">
      <Figure label="Clicks" value={sumOf(told, (each) => each.clicks)} meaning={`in ${days} days, ${part}`} />
      <Figure label="Unique clicks" value={sumOf(unique, (each) => each.uniqueClicks)} meaning={uniqueMeaning(days, unique.length, told.length)} />
      <Figure label="Links" value={links} meaning={linksPart ?? linksMeaning(silent, nameOf)} />
    </dl>
  )
}

/** Says whose links are not counted. */
function linksMeaning(silent: readonly Told[], nameOf: (account: Named) => string): string {
  if (silent.length === 0) return 'all of them are in these numbers'
  const whose = silent.length > 2 ? `${silent.length} accounts` : silent.map(({ account }) => nameOf(account)).join(' and ')
  return `not in these numbers: ${count(sumOf(silent, (each) => each.links))} of ${whose}`
}

function uniqueMeaning(days: number, telling: number, all: number): string {
  if (telling === 0) return 'no account tells them'
  const whose = telling === all ? '' : `of the ${telling} of ${all} accounts that tell them; `
  return `in ${days} days; ${whose}a visitor of two links counts twice`
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined
}

/** The sum of what is known; null if nothing is. */
function sumOf(told: readonly Told[], numberOf: (each: Told) => number | null | undefined): number | null {
  const known = told.map(numberOf).filter(isKnown)
  return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0)
}
