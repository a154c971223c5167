import { useState } from 'react'

import { client } from '../client'
import { graphql } from '../generated'
import type { AccountFieldsQuery, CreateLinkInput, CreateLinkMutation } from '../generated/graphql'
import { Answer } from '../parts/Answer'
import { Go } from '../parts/Go'
import { addressOf, useRoute } from '../route'
import { useAsked } from '../useAsked'

const ACCOUNTS = graphql(`
  query AccountFields {
    accounts {
      key
      label
      provider { name capabilities writableLinkFields }
      domains { name isDefault }
    }
  }
`)

const CREATE = graphql(`
  mutation CreateLink($input: CreateLinkInput!) {
    createLink(input: $input) {
      created
      link { id shortUrl }
      errors { code message existing { id shortUrl } }
    }
  }
`)

type Outcome = CreateLinkMutation['createLink'] | { created: false; link: null; errors: { code: string; message: string; existing?: undefined }[] }

/** One form for all accounts, which asks only for what the chosen account can hold. */
export function Create() {
  const asked = useAsked(ACCOUNTS, {})
  return (
    <>
      <header className="title">
        <h1>Create a link</h1>
      </header>
      <Answer asked={asked}>{(data) => <Form accounts={data.accounts} />}</Answer>
    </>
  )
}

function Form({ accounts }: { accounts: AccountFieldsQuery['accounts'] }) {
  const able = accounts.filter((each) => each.provider.capabilities.includes('CREATE_LINK'))
  const wanted = useRoute().get('account')
  const [key, setKey] = useState((able.find((each) => each.key === wanted) ?? able[0])?.key ?? '')
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID())
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const account = able.find((each) => each.key === key)
  if (account === undefined) return <p className="quiet">No account of yours can create links.</p>
  const holds = (field: string) => account.provider.writableLinkFields.includes(field)

  async function create(form: FormData) {
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const tags = text('tags').split(',').map((tag) => tag.trim()).filter(Boolean)
    const input: CreateLinkInput = {
      accounts: [key],
      destination: text('destination'),
      ifExists: form.get('again') ? 'CREATE' : 'FAIL',
      idempotencyKey,
      ...(text('slug') ? { slug: text('slug') } : {}),
      ...(text('domain') ? { domain: text('domain') } : {}),
      ...(text('title') ? { title: text('title') } : {}),
      ...(text('note') ? { note: text('note') } : {}),
      ...(tags.length > 0 ? { tags } : {}),
    }
    const answer = await client.mutation(CREATE, { input }).toPromise()
    const errors = answer.error?.graphQLErrors.map((each) => ({ code: String(each.extensions?.['code'] ?? ''), message: each.message }))
    setOutcome(answer.data?.createLink ?? { created: false, link: null, errors: errors?.length ? errors : [{ code: '', message: answer.error?.message ?? '' }] })
    // The same key again would give the same link; after an unclear answer that is what is wanted.
    if (answer.data && !answer.data.createLink.errors.some((each) => each.code === 'AMBIGUOUS')) setIdempotencyKey(crypto.randomUUID())
  }

  return (
    <>
      <form className="form" action={create}>
        <label>
          Account
          <select value={key} onChange={(event) => setKey(event.target.value)}>
            {able.map((each) => (
              <option key={each.key} value={each.key}>
                {each.label ?? each.key} ({each.provider.name})
              </option>
            ))}
          </select>
        </label>
        <label>
          Destination
          <input name="destination" type="url" required placeholder="https://example.com/page" />
        </label>
        {holds('slug') ? (
          <label>
            Slug
            <input name="slug" placeholder="chosen by the vendor" />
          </label>
        ) : null}
        {holds('domain') && account.domains ? (
          <label>
            Domain
            <select name="domain">
              <option value="">the account's default</option>
              {account.domains.map((each) => (
                <option key={each.name}>{each.name}</option>
              ))}
            </select>
          </label>
        ) : null}
        {['title', 'note', 'tags'].filter(holds).map((name) => (
          <label key={name}>
            {name.charAt(0).toUpperCase() + name.slice(1)}
            <input name={name} placeholder={name === 'tags' ? 'spring, launch' : ''} />
          </label>
        ))}
        <label className="check">
          <input type="checkbox" name="again" /> Also if the account has a link to this destination
        </label>
        <button type="submit">Create</button>
      </form>
      <div role="status">{outcome ? <Told outcome={outcome} /> : null}</div>
    </>
  )
}

function Told({ outcome }: { outcome: Outcome }) {
  return (
    <>
      {outcome.link ? (
        <p className="done">
          {outcome.created ? 'Created: ' : 'There already: '}
          <Go href={addressOf('link', { id: outcome.link.id })}>{outcome.link.shortUrl}</Go>
        </p>
      ) : null}
      {outcome.errors.length > 0 ? (
        <div className={outcome.link ? 'quiet' : 'problems'}>
          {outcome.errors.map((each) => (
            <p key={each.message}>
              {each.message} {each.existing ? <Go href={addressOf('link', { id: each.existing.id })}>{each.existing.shortUrl}</Go> : null}
            </p>
          ))}
        </div>
      ) : null}
    </>
  )
}
