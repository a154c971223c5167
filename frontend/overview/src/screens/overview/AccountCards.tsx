import { bytes, count, duration, moment, words } from '../../format'
import { nameOf } from '../../gateway'
import type { CatalogStepsQuery, OverviewAccountsQuery } from '../../generated/graphql'
import { Go } from '../../parts/Go'
import { Empty } from '../../parts/Notice'
import { addressOf } from '../../route'

type Account = OverviewAccountsQuery['accounts'][number]
type Quota = Account['quotas'][number]
type Step = NonNullable<CatalogStepsQuery['catalog']>['accounts'][number]

/** More quotas than this wait to be opened: those of which the largest part is used are shown. */
const FEW = 3

/** The accounts: their health, what is used of their quotas, and how far the catalog is in step with them. */
export function AccountCards({ accounts, steps }: { accounts: readonly Account[]; steps: readonly Step[] }) {
  if (accounts.length === 0) return <Empty>You may see no account.</Empty>
  return (
    <ul className="cards">
      {accounts.map((account) => {
        const step = steps.find((each) => each.account.key === account.key)
        return (
          <li key={account.id} className="card">
            <header>
              <h3>
                <Go href={addressOf('links', { account: account.key })}>{nameOf(account)}</Go>
              </h3>
              <span className={`state ${account.health.state.toLowerCase()}`}>{words(account.health.state)}</span>
            </header>
            <p className="quiet">
              {account.provider.name}
              {account.plan ? `, ${account.plan.name}` : ''}
            </p>
            {account.health.lastError && account.health.state !== 'UP' ? <p className="bad">{account.health.lastError.message}</p> : null}
            <Quotas quotas={account.quotas} />
            <Limits limits={account.health.rateLimits} />
            {step ? <InStep step={step} /> : null}
          </li>
        )
      })}
    </ul>
  )
}

function Quotas({ quotas }: { quotas: readonly Quota[] }) {
  const part = ({ used, limit }: Quota) => (limit ? used / limit : -1)
  const sorted = [...quotas].sort((one, other) => part(other) - part(one))
  const rest = sorted.slice(FEW)
  return (
    <>
      {sorted.slice(0, FEW).map((quota) => (
        <QuotaBar key={quota.name} {...quota} />
      ))}
      {rest.length > 0 ? (
        <details className="quota">
          <summary>{rest.length === 1 ? '1 more quota' : `${rest.length} more quotas`}</summary>
          {rest.map((quota) => (
            <QuotaBar key={quota.name} {...quota} />
          ))}
        </details>
      ) : null}
    </>
  )
}

function QuotaBar({ name, used, limit, resetsAt }: Quota) {
  const amount = (value: number) => (/bytes/i.test(name) ? bytes(value) : count(value))
  const text = limit === null || limit === undefined ? `${amount(used)} used` : `${amount(used)} of ${amount(limit)}`
  return (
    <div className="quota">
      <div className="quota-line">
        <span className="long">{words(name)}</span>
        <span className="number" title={resetsAt ? `begins anew ${moment(resetsAt)}` : undefined}>
          {text}
        </span>
      </div>
      {limit ? <meter min={0} max={limit} high={limit * 0.8} value={Math.min(used, limit)} aria-label={`${words(name)}: ${text}`} /> : null}
    </div>
  )
}

function Limits({ limits }: { limits: Account['health']['rateLimits'] }) {
  if (limits.length === 0) return null
  return (
    <p className="quota quiet">
      {limits
        .slice(0, 2)
        .map((each) => `${count(each.remaining)} of ${count(each.limit)} calls left ${each.perSeconds === 1 ? 'a second' : `in ${duration(each.perSeconds)}`}`)
        .join('; ')}
    </p>
  )
}

function InStep({ step }: { step: Step }) {
  const isWalking = step.state === 'WALKING' && step.progress !== null
  return (
    <div className="quota quiet">
      <span>
        Catalog: {count(step.links)} links, {words(step.state)}
        {step.statisticsAsOf ? `, clicks as of ${moment(step.statisticsAsOf)}` : ''}
      </span>
      {isWalking ? <progress max={1} value={step.progress ?? 0} aria-label="Part of the links that was read" /> : null}
      {step.error ? <small className="bad long">{step.error}</small> : null}
    </div>
  )
}
