import { count, moment, words } from '../format'
import type { OverviewAccountsQuery } from '../generated/graphql'
import { addressOf } from '../route'
import { Go } from './Go'

type Account = OverviewAccountsQuery['accounts'][number]
type Step = NonNullable<OverviewAccountsQuery['catalog']>['accounts'][number]

/** The accounts: their health, what is used of their quotas, and how far the catalog is in step with them. */
export function AccountCards({ accounts, steps }: { accounts: readonly Account[]; steps: readonly Step[] }) {
  if (accounts.length === 0) return <p className="quiet">You may see no account.</p>
  return (
    <ul className="cards">
      {accounts.map((account) => {
        const step = steps.find((each) => each.account.key === account.key)
        return (
          <li key={account.id} className="card">
            <h3>
              <Go href={addressOf('links', { account: account.key })}>{account.label ?? account.key}</Go>
            </h3>
            <p>
              {account.provider.name}
              {account.plan ? `, ${account.plan.name}` : ''}
            </p>
            <p className={`state ${account.health.state.toLowerCase()}`}>{words(account.health.state)}</p>
            {account.health.lastError ? <p className="quiet">{account.health.lastError.message}</p> : null}
            {account.quotas.map((quota) => (
              <QuotaBar key={quota.name} {...quota} />
            ))}
            {step ? <InStep step={step} /> : null}
          </li>
        )
      })}
    </ul>
  )
}

function QuotaBar({ name, used, limit, resetsAt }: Account['quotas'][number]) {
  const text = limit === null || limit === undefined ? `${count(used)} used, no limit told` : `${count(used)} of ${count(limit)} used`
  return (
    <div className="quota">
      <span>
        {words(name)}: {text}
      </span>
      {limit ? <meter min={0} max={limit} high={limit * 0.8} value={Math.min(used, limit)} aria-label={`${words(name)}: ${text}`} /> : null}
      {resetsAt ? <small>begins anew {moment(resetsAt)}</small> : null}
    </div>
  )
}

function InStep({ step }: { step: Step }) {
  const isWalking = step.state === 'WALKING' && step.progress !== null && step.progress !== undefined
  return (
    <div className="quota">
      <span>
        catalog: {count(step.links)} links, {words(step.state)}
      </span>
      {isWalking ? <progress max={1} value={step.progress ?? 0} aria-label="Links that were read" /> : null}
      {step.statisticsAsOf ? <small>clicks of {moment(step.statisticsAsOf)} or later</small> : null}
      {step.error ? <small>{step.error}</small> : null}
    </div>
  )
}
