import { bytes, count, duration, moment, words } from '../../format'
import type { Account } from './AccountCards'

type Quota = Account['quotas'][number]
type Limit = Account['health']['rateLimits'][number]

/** More quotas than this wait to be opened. */
const FEW = 2

/** What an account may do still: its quotas and its limits of calls. Those that are used up most come first. */
export function Allowances({ quotas, limits }: { quotas: readonly Quota[]; limits: readonly Limit[] }) {
  const bars = [...quotas].sort((one, other) => partOf(other) - partOf(one))
  const lines = [...limits].sort((one, other) => one.remaining / one.limit - other.remaining / other.limit)
  const [few, more] = [bars.slice(0, FEW), bars.slice(FEW)]
  return (
    <>
      {few.map((quota) => (
        <QuotaBar key={quota.name} {...quota} />
      ))}
      {lines[0] ? <p className="quota quiet">{lineOf(lines[0])}</p> : null}
      {more.length + lines.length > 1 ? (
        <details className="quota">
          <summary>All quotas and limits</summary>
          {more.map((quota) => (
            <QuotaBar key={quota.name} {...quota} />
          ))}
          <ul className="quiet">
            {lines.map((limit) => (
              <li key={`${limit.bucket}${limit.perSeconds}`}>
                {words(limit.bucket)}: {lineOf(limit)}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  )
}

/** The used part of a quota. The calls to one address of an API interest nobody before its other quotas. */
function partOf({ name, used, limit }: Quota): number {
  if (name.includes('/')) return -1
  return limit ? used / limit : 0
}

function lineOf({ remaining, limit, perSeconds }: Limit): string {
  const unit = { 1: 'a second', 60: 'a minute', 3600: 'an hour', 86400: 'a day' }[perSeconds] ?? `in ${duration(perSeconds)}`
  return `${count(remaining)} of ${count(limit)} calls ${unit} are left`
}

function QuotaBar({ name, used, limit, resetsAt }: Quota) {
  const amount = (value: number) => (/bytes/i.test(name) ? bytes(value) : count(value))
  const text = limit === null || limit === undefined ? `${amount(used)} used` : `${amount(used)} of ${amount(limit)}`
  const label = name.includes('/') ? name : words(name)
  return (
    <div className="quota">
      <div className="quota-line">
        <span className="long">{label}</span>
        <span className="number" title={resetsAt ? `begins anew ${moment(resetsAt)}` : undefined}>
          {text}
        </span>
      </div>
      {limit ? <meter min={0} max={limit} high={limit * 0.8} value={Math.min(used, limit)} aria-label={`${label}: ${text}`} /> : null}
    </div>
  )
}
