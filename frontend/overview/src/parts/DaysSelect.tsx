import { daysOf, RANGES } from '../days'
import { addressOf, go, useRoute } from '../route'

/** The number of days that the reader has chosen, which is in the address. */
export function useDays(): number {
  return daysOf(useRoute().get('days'))
}

/** Lets the reader choose how many days are shown. */
export function DaysSelect() {
  const route = useRoute()
  const days = useDays()
  const show = (value: string) => go(addressOf(route.view, { id: route.get('id'), days: value === '30' ? '' : value }), true)
  return (
    <label>
      Days
      <select value={String(days)} onChange={(event) => show(event.target.value)}>
        {RANGES.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </label>
  )
}
