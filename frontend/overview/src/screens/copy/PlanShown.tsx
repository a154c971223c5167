import { useState } from 'react'

import { count, duration, moment, plural } from '../../format'
import { graphql } from '../../generated'
import type { CopyPlanShownQuery, CopyState } from '../../generated/graphql'
import { AccountName } from '../../parts/AccountName'
import { Answer } from '../../parts/Answer'
import { Figure } from '../../parts/Figure'
import { Go } from '../../parts/Go'
import { Empty } from '../../parts/Notice'
import { Told } from '../../parts/Told'
import { useAct } from '../../parts/useAct'
import { addressOf, go } from '../../route'
import { useAsked } from '../../useAsked'
import { PlanRows } from './PlanRows'

const SHOWN = graphql(`
  query CopyPlanShown($id: ID!) {
    node(id: $id) {
      ... on CopyPlan {
        id
        from { key label }
        to { key label }
        calls
        seconds
        notices
        expiresAt
        counts { state links }
      }
    }
  }
`)

const START = graphql(`
  mutation StartCopy($input: StartCopyInput!) {
    startCopy(input: $input) {
      job { id }
      errors { message }
    }
  }
`)

type Plan = Extract<NonNullable<CopyPlanShownQuery['node']>, { counts: unknown }>

/** What a copy would do: how many links move, what they lose, which stay behind, and how long it takes. */
export function PlanShown({ id }: { id: string }) {
  const asked = useAsked(SHOWN, { id })
  return (
    <Answer asked={asked} height={320}>
      {({ node }) =>
        isPlan(node) ? (
          <Shown plan={node} />
        ) : (
          <Empty>
            <p>There is no such plan, or it is older than a day, or it is another client's.</p>
            <Go href={addressOf('copy')}>Make a plan</Go>
          </Empty>
        )
      }
    </Answer>
  )
}

function isPlan(node: CopyPlanShownQuery['node']): node is Plan {
  return node !== null && 'counts' in node
}

function Shown({ plan }: { plan: Plan }) {
  const [allowLoss, setAllowLoss] = useState(false)
  const { act, problems, isBusy } = useAct(START, (data) => data.startCopy.errors)
  const links = (...states: CopyState[]) => plan.counts.filter((each) => states.includes(each.state)).reduce((sum, each) => sum + each.links, 0)
  const [whole, lossy, all] = [links('READY'), links('READY_WITH_LOSS'), plan.counts.reduce((sum, each) => sum + each.links, 0)]
  const moving = allowLoss ? whole + lossy : whole

  async function start() {
    const done = await act({ input: { plan: plan.id, allowLoss } })
    if (done?.startCopy.job) go(addressOf('copy', { plan: plan.id, job: done.startCopy.job.id }))
  }

  return (
    <>
      <p className="lead">
        <AccountName of={plan.from} /> → <AccountName of={plan.to} />
      </p>
      <dl className="figures">
        <Figure label="Whole copies" value={whole} meaning={`of ${count(all)} links that you chose`} />
        <Figure label="Copies with a loss" value={lossy} meaning="would lack a field: see below which" />
        <Figure label="Stay behind" value={all - whole - lossy} meaning="cannot be copied: see below why" />
        <Figure label="Time" value={plan.seconds} format={duration} meaning={`${plan.seconds ? 'at least, ' : ''}for ${plural(plan.calls, 'call')} to the vendor`} />
      </dl>
      {plan.notices.length > 0 ? (
        <ul className="notices">
          {plan.notices.map((each) => (
            <li key={each}>{sentence(each)}</li>
          ))}
        </ul>
      ) : null}
      <div className="panel act">
        {lossy > 0 ? (
          <label className="check">
            <input type="checkbox" checked={allowLoss} onChange={(event) => setAllowLoss(event.target.checked)} /> Also copy the {plural(lossy, 'link')} that would lack a
            field
          </label>
        ) : null}
        <Told problems={problems} />
        <div className="buttons">
          <button type="submit" onClick={() => void start()} disabled={isBusy || moving === 0}>
            {isBusy ? 'Starting …' : moving === 0 ? (lossy > 0 ? 'Nothing to copy without a loss' : 'Nothing to copy') : `Copy ${plural(moving, 'link')}`}
          </button>
          <Go href={addressOf('copy', { from: plan.from.key, to: plan.to.key })}>Choose again</Go>
          <span className="quiet">The plan is kept until {moment(plan.expiresAt)}.</span>
        </div>
      </div>
      <PlanRows id={plan.id} />
    </>
  )
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
