import { count } from '../format'

type Settings = { label: string; value: number | null | undefined; meaning: string; format?: (value: number | null | undefined) => string }

/** A number with what it is, and below it what it counts. */
export function Figure({ label, value, meaning, format = count }: Settings) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        <strong>{format(value)}</strong>
        <small>{meaning}</small>
      </dd>
    </div>
  )
}
