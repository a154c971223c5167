import { moment, plural, recent, words } from '../../format'
import { labelOf } from '../../gateway'
import type { CatalogStepsQuery, OverviewAccountsQuery } from '../../generated/graphql'
import { Go } from '../../parts/Go'
import { Empty } from '../../parts/Notice'
import { addressOf } from '../../route'
import { Allowances } from './Allowances'

export type Account = OverviewAccountsQuery['accounts'][number]
type Step = NonNullable<CatalogStepsQuery['catalog']>['accounts'][number]

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
                <Go href={addressOf('links', { account: account.key })}>{labelOf(account)}</Go>
              </h3>
              <span className={`state ${account.health.state.toLowerCase()}`}>{words(account.health.state)}</span>
            </header>
            <p className="quiet">
              {account.provider.name}
              {account.plan ? `, ${account.plan.name}` : ''}
            </p>
            {account.health.lastError && account.health.state !== 'UP' ? <p className="bad">{account.health.lastError.message}</p> : null}
            {step ? <InStep step={step} /> : null}
            <Allowances quotas={account.quotas} limits={account.health.rateLimits} />
          </li>
        )
      })}
    </ul>
  )
}

function InStep({ step }: { step: Step }) {
  const isWalking = step.state === 'WALKING' && step.progress !== null
  return (
    <div className="quota quiet">
      {step.state === 'NOT_LISTED' ? 'Its links cannot be listed' : `${plural(step.links, 'link')}, ${words(step.state)}`}
      {step.statisticsAsOf ? <small title={moment(step.statisticsAsOf)}>clicks as of {recent(step.statisticsAsOf)}</small> : null}
      {isWalking ? <progress max={1} value={step.progress ?? 0} aria-label="Part of the links that was read" /> : null}
      {step.error ? <small className="bad long">{step.error}</small> : null}
    </div>
  )
}
