import { useRef, useState } from 'react'

import { type KnownAccount, labelOf } from '../../gateway'
import { graphql } from '../../generated'
import type { CreateLinkMutation } from '../../generated/graphql'
import { words } from '../../format'
import { ExpiryFields } from '../../parts/ExpiryFields'
import { newKey } from '../../parts/keys'
import { Told } from '../../parts/Told'
import { useAct } from '../../parts/useAct'
import { useAsked } from '../../useAsked'
import { expiryPartsOf, fieldsOf, inputOf, unsharedOf } from './fields'
import { Outcome } from './Outcome'
import { SlugField } from './SlugField'
import { Twins } from './Twins'

const DOMAINS = graphql(`
  query AccountDomains($key: String!) {
    account(key: $key) { domains { name isDefault } }
  }
`)

const CREATE = graphql(`
  mutation CreateLink($input: CreateLinkInput!) {
    createLink(input: $input) {
      created
      link { id shortUrl account { key label } }
      errors { code message path existing { id shortUrl } }
    }
  }
`)

/** The form. A request that got no clear answer is sent again with the same key, so that it makes no second link. */
export function CreateForm({ accounts }: { accounts: readonly KnownAccount[] }) {
  const [first] = accounts
  // The slug is looked for where the link will be unless that account is down or full.
  const { data } = useAsked(DOMAINS, { key: first?.key ?? '' }, !first)
  const domains = data?.account?.domains ?? []
  const [domain, setDomain] = useState('')
  const [destination, setDestination] = useState('')
  const [outcome, setOutcome] = useState<CreateLinkMutation['createLink'] | null>(null)
  const [idempotencyKey, setIdempotencyKey] = useState(newKey)
  const { act, problems, isBusy } = useAct(CREATE, () => [])
  const form = useRef<HTMLFormElement>(null)
  const holds = fieldsOf(accounts)
  const unshared = unsharedOf(accounts)
  const known = domains.some((each) => each.name === domain) ? domain : (domains.find((each) => each.isDefault)?.name ?? (domains.length === 1 ? domains[0]?.name : undefined) ?? null)

  async function create(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setOutcome(null)
    const answer = await act({ input: inputOf(new FormData(event.currentTarget), accounts, idempotencyKey) })
    if (!answer) return
    setOutcome(answer.createLink)
    if (!answer.createLink.errors.some((each) => each.code === 'AMBIGUOUS')) setIdempotencyKey(newKey())
    if (!answer.createLink.created) return
    setDestination('')
    form.current?.reset()
  }

  return (
    <form className="form" ref={form} onSubmit={(event) => void create(event)}>
      <label>
        Destination
        <input name="destination" type="url" required placeholder="https://example.com/page" value={destination} onChange={(event) => setDestination(event.target.value.trim())} />
      </label>
      {/* What was created last leads somewhere, too. */}
      <Twins key={`twins of ${outcome?.link?.id ?? ''}`} destination={destination} />
      <div className="pair">
        {holds.includes('slug') ? <SlugField key={outcome?.link?.id ?? ''} domain={known} /> : null}
        {holds.includes('domain') && accounts.length === 1 && domains.length > 0 ? (
          <label>
            Domain
            <select name="domain" value={domain} onChange={(event) => setDomain(event.target.value)}>
              <option value="">the account’s default</option>
              {domains.map((each) => (
                <option key={each.name}>{each.name}</option>
              ))}
            </select>
          </label>
        ) : null}
        {holds.includes('title') ? <Text name="title" label="Title" /> : null}
        {holds.includes('tags') ? <Text name="tags" label="Tags" placeholder="spring, launch" /> : null}
        {holds.includes('note') ? <Text name="note" label="Note" /> : null}
        {holds.includes('password') ? <Text name="password" label="Password for visitors" /> : null}
        {holds.includes('expiry') ? <ExpiryFields parts={expiryPartsOf(accounts)} /> : null}
      </div>
      {unshared.length > 0 ? <p className="quiet">Not asked for, because not all of these accounts can hold it: {unshared.map(words).join(', ')}.</p> : null}
      <label className="check">
        <input type="checkbox" name="again" /> Create it also if {accounts.length === 1 && first ? labelOf(first) : 'the account'} has a link to this destination already
      </label>
      <Told problems={problems} />
      <div className="buttons">
        <button type="submit" disabled={isBusy}>
          {isBusy ? 'Creating …' : 'Create'}
        </button>
      </div>
      <div role="status">{outcome ? <Outcome outcome={outcome} /> : null}</div>
    </form>
  )
}

function Text({ name, label, placeholder = '' }: { name: string; label: string; placeholder?: string }) {
  return (
    <label>
      {label}
      <input name={name} placeholder={placeholder} autoComplete="off" />
    </label>
  )
}
