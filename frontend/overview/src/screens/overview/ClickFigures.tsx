import { Figure } from '../../parts/Figure'

type Totals = { days: number; links: number; clicks?: number | null; uniqueClicks?: number | null; part: string }

/** The totals of a range of days, each with what it counts. */
export function ClickFigures({ days, links, clicks, uniqueClicks, part }: Totals) {
  const isKnown = clicks !== null && clicks !== undefined
  const isUniqueKnown = uniqueClicks !== null && uniqueClicks !== undefined
  return (
    <dl className="figures">
      <Figure label="Clicks" value={clicks} meaning={isKnown ? `in ${days} days, ${part}` : 'not known'} />
      <Figure
        label="Unique clicks"
        value={uniqueClicks}
        meaning={isUniqueKnown ? `in ${days} days; a visitor of two links counts twice` : 'not known: not all accounts count them'}
      />
      <Figure label="Links" value={links} meaning="whose clicks were counted" />
    </dl>
  )
}
