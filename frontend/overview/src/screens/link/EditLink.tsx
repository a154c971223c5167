import { useState } from 'react'

import { words } from '../../format'
import { graphql } from '../../generated'
import type { ExpiryInput, UpdateLinkInput } from '../../generated/graphql'
import { ExpiryFields, expiryOf } from '../../parts/ExpiryFields'
import { Told } from '../../parts/Told'
import { useAct } from '../../parts/useAct'
import { addressOf, go } from '../../route'
import type { Detail } from './LinkDetail'

const UPDATE = graphql(`
  mutation UpdateLink($input: UpdateLinkInput!) {
    updateLink(input: $input) {
      applied
      failed
      link { id }
      errors { message path }
    }
  }
`)

type TextField = 'destination' | 'title' | 'note' | 'slug'
const TEXTS: [TextField, string][] = [
  ['destination', 'Destination'],
  ['title', 'Title'],
  ['note', 'Note'],
  ['slug', 'Slug'],
]

/** A form with what the link's vendor can change, and nothing else. */
export function EditLink({ link, again }: { link: Detail; again: () => void }) {
  const [removed, setRemoved] = useState<readonly string[]>([])
  const [done, setDone] = useState('')
  const { act, problems, isBusy } = useAct(UPDATE, (data) => data.updateLink.errors)
  const holds = (field: string) => link.provider.updatableLinkFields.includes(field)
  const isKept = (field: TextField) => Boolean(link[field]) && !link.provider.clearableLinkFields.includes(field)
  if (!link.provider.capabilities.includes('UPDATE_LINK')) return <p className="quiet">{link.provider.name} lets nobody change a link.</p>

  async function change(form: FormData) {
    setDone('')
    const input = changesOf(link, form, removed)
    if (Object.keys(input).length === 1) return setDone('Nothing to change.')
    const answer = await act({ input })
    if (!answer) return
    const { applied, failed, link: after } = answer.updateLink
    setDone([applied.length > 0 ? `Changed: ${applied.map(words).join(', ')}.` : '', failed.length > 0 ? `Not changed: ${failed.map(words).join(', ')}.` : ''].join(' '))
    setRemoved([])
    if (after && after.id !== link.id) go(addressOf('link', { id: after.id }), true)
    else if (applied.length > 0) again()
  }

  return (
    <form className="form panel" action={change}>
      {holds('destination') ? (
        <label>
          Destination
          <input name="destination" type="url" defaultValue={link.destination} required />
        </label>
      ) : null}
      <div className="pair">
        {TEXTS.filter(([name]) => name !== 'destination' && holds(name)).map(([name, label]) => (
          <label key={name}>
            {label}
            <input name={name} defaultValue={link[name] ?? ''} required={isKept(name)} />
          </label>
        ))}
        {holds('addTags') ? (
          <label>
            Add tags
            <input name="addTags" placeholder="spring, launch" />
          </label>
        ) : null}
        {holds('expiry') ? <ExpiryFields parts={link.provider.expiryParts} expiry={link.expiry} /> : null}
      </div>
      {holds('removeTags') && link.tags.length > 0 ? (
        <fieldset>
          <legend>Remove tags</legend>
          <div className="buttons">
            {link.tags.map(({ name }) => (
              <label className="check" key={name}>
                <input
                  type="checkbox"
                  checked={removed.includes(name)}
                  onChange={(event) => setRemoved(event.target.checked ? [...removed, name] : removed.filter((each) => each !== name))}
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
      ) : null}
      {holds('archived') ? (
        <label className="check">
          <input type="checkbox" name="archived" defaultChecked={link.archived ?? false} /> Archived
        </label>
      ) : null}
      <Told problems={problems} />
      <div className="buttons">
        <button type="submit" disabled={isBusy}>
          {isBusy ? 'Saving …' : 'Save'}
        </button>
        <span role="status">{done}</span>
      </div>
    </form>
  )
}

function changesOf(link: Detail, form: FormData, removed: readonly string[]): UpdateLinkInput {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const input: UpdateLinkInput = { id: link.id }
  for (const [name] of TEXTS) if (form.has(name) && text(name) !== (link[name] ?? '')) input[name] = text(name) || null
  const added = text('addTags').split(',').map((tag) => tag.trim()).filter(Boolean)
  if (added.length > 0) input.addTags = added
  if (removed.length > 0) input.removeTags = [...removed]
  const expiry = expiryOf(form)
  if (link.provider.updatableLinkFields.includes('expiry') && !isSame(expiry, link)) input.expiry = expiry
  const canArchive = link.provider.updatableLinkFields.includes('archived')
  if (canArchive && form.has('archived') !== (link.archived ?? false)) input.archived = form.has('archived')
  return input
}

/** Whether the form has the expiry that the link has already, as far as its vendor can hold one. */
function isSame(entered: ExpiryInput | null, { expiry }: Detail): boolean {
  const names = ['at', 'afterClicks', 'redirectTo', 'redirectToAfterClicks'] as const
  return names.every((name) => (entered?.[name] ?? null) === (expiry?.[name] ?? null)) && Boolean(entered?.countUniqueOnly) === Boolean(expiry?.countUniqueOnly)
}
