import { count } from '../format'

/** A number with what it is, and below it what it counts. */
export function Figure({ label, value, meaning }: { label: string; value: number | null | undefined; meaning: string }) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        <strong>{count(value)}</strong>
        <small>{meaning}</small>
      </dd>
    </div>
  )
}
