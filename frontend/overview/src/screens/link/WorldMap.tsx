import { plural } from '../../format'
import world from '../../generated/world.json'
import { countryOf } from '../../parts/countries'

/** The faintest of the countries with clicks must still differ from one without. */
const LEAST = 0.18

/** A map on which a country is the stronger, the more clicks come from it. The list beside it has the same numbers. */
export default function WorldMap({ counts }: { counts: ReadonlyMap<string, number> }) {
  const most = Math.max(1, ...counts.values())
  return (
    <figure className="panel map">
      <svg viewBox={`0 0 ${world.width} ${world.height}`} role="img" aria-label="Map of the clicks by country. The list of countries has its numbers.">
        {world.outlines.map(([code = '', outline], index) => {
          const clicks = counts.get(code)
          return (
            <path key={code || index} d={outline} className={clicks ? 'clicked' : ''} fillOpacity={clicks ? LEAST + (1 - LEAST) * Math.sqrt(clicks / most) : 1}>
              {clicks ? <title>{`${countryOf(code)}: ${plural(clicks, 'click')}`}</title> : null}
            </path>
          )
        })}
      </svg>
      <figcaption>
        <span>none</span>
        <span className="scale" aria-hidden="true" />
        <span>{plural(most, 'click')}</span>
      </figcaption>
    </figure>
  )
}
