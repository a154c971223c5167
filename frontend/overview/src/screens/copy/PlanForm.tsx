import { useState } from 'react'

import { useGateway } from '../../gateway'
import { graphql } from '../../generated'
import type { OnConflict, PlanCopyInput, SlugChoice } from '../../generated/graphql'
import { AccountSelect } from '../../parts/AccountSelect'
import { Empty } from '../../parts/Notice'
import { Told } from '../../parts/Told'
import { useAct } from '../../parts/useAct'
import { addressOf, go, useRoute } from '../../route'
import { useAsked } from '../../useAsked'

const PLAN = graphql(`
  mutation PlanCopy($input: PlanCopyInput!) {
    planCopy(input: $input) {
      plan { id }
      errors { message }
    }
  }
`)

const DOMAINS = graphql(`
  query TargetDomains($key: String!) {
    account(key: $key) { domains { name isDefault } }
  }
`)

/** What to copy, and where to. */
export function PlanForm() {
  const route = useRoute()
  const { accounts } = useGateway()
  const sources = accounts.filter((each) => each.provider.capabilities.some((name) => name === 'LIST_LINKS' || name === 'GET_LINK'))
  const targets = accounts.filter((each) => each.provider.capabilities.includes('CREATE_LINK'))
  const [from, setFrom] = useState(route.get('from') || (sources[0]?.key ?? ''))
  const [to, setTo] = useState(route.get('to') || (targets.find((each) => each.key !== from)?.key ?? ''))
  const [slug, setSlug] = useState<SlugChoice>('KEEP')
  const domains = useAsked(DOMAINS, { key: to }, to === '')
  const { act, problems, isBusy } = useAct(PLAN, (data) => data.planCopy.errors)
  if (sources.length === 0 || targets.length === 0) return <Empty>A copy needs two accounts that you may see, one of which can create links.</Empty>

  async function plan(form: FormData) {
    const done = await act({ input: inputOf(form, from, to, slug) })
    const id = done?.planCopy.plan?.id
    if (id) go(addressOf('copy', { plan: id }))
  }

  return (
    <form className="form panel" action={plan}>
      <div className="pair">
        <AccountSelect label="From" name="from" accounts={sources} value={from} onChange={setFrom} />
        <AccountSelect label="To" name="to" accounts={targets} value={to} onChange={setTo} />
      </div>
      <fieldset>
        <legend>Which links</legend>
        <div className="pair">
          <label>
            Search
            <input name="search" type="search" defaultValue={route.get('search')} placeholder="all links" />
          </label>
          <label>
            Tag
            <input name="tag" defaultValue={route.get('tag')} placeholder="any tag" />
          </label>
        </div>
      </fieldset>
      <fieldset>
        <legend>The copies</legend>
        <div className="pair">
          <label>
            Slug
            <select value={slug} onChange={(event) => setSlug(event.target.value as SlugChoice)}>
              <option value="KEEP">the same</option>
              <option value="NEW">a new one</option>
            </select>
          </label>
          <label>
            If the slug is taken
            <select name="onConflict" disabled={slug === 'NEW'}>
              <option value="SKIP">do not copy the link</option>
              <option value="SUFFIX">put a number behind it</option>
            </select>
          </label>
          <label>
            Domain
            <select name="domain">
              <option value="">the vendor chooses</option>
              {domains.data?.account?.domains?.map((each) => (
                <option key={each.name}>{each.name}</option>
              ))}
            </select>
          </label>
        </div>
      </fieldset>
      <Told problems={problems} />
      <div className="buttons">
        <button type="submit" disabled={isBusy}>
          {isBusy ? 'Planning …' : 'Make a plan'}
        </button>
        <span className="quiet">A plan changes nothing at a vendor.</span>
      </div>
    </form>
  )
}

function inputOf(form: FormData, from: string, to: string, slug: SlugChoice): PlanCopyInput {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const filter = { ...(text('search') ? { search: text('search') } : {}), ...(text('tag') ? { tags: { any: [text('tag')] } } : {}) }
  return {
    from,
    to,
    slug,
    filter: Object.keys(filter).length > 0 ? filter : null,
    onConflict: (text('onConflict') || 'SKIP') as OnConflict,
    domain: text('domain') || null,
  }
}
