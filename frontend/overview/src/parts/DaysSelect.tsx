import { addressOf, go, useRoute } from '../route'

const RANGES = ['7', '30', '90']

/** The number of days that the reader has chosen, which is in the address. */
export function useDays(): number {
  const chosen = useRoute().get('days')
  return RANGES.includes(chosen) ? Number(chosen) : 30
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
