import { useState } from 'react'

import { words } from '../../format'
import { graphql } from '../../generated'
import type { UpdateLinkInput } from '../../generated/graphql'
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
  const holds = (field: string) => link.provider.writableLinkFields.includes(field)
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
            <input name={name} defaultValue={link[name] ?? ''} required={name === 'slug'} />
          </label>
        ))}
        {holds('addTags') ? (
          <label>
            Add tags
            <input name="addTags" placeholder="spring, launch" />
          </label>
        ) : null}
        {holds('expiry') ? (
          <>
            <label>
              Expires on
              <input name="expiresAt" type="date" defaultValue={link.expiry?.at ?? ''} />
            </label>
            <label>
              Expires after clicks
              <input name="afterClicks" type="number" min={1} defaultValue={link.expiry?.afterClicks ?? ''} />
            </label>
          </>
        ) : null}
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
  const [at, afterClicks] = [text('expiresAt') || null, Number(text('afterClicks')) || null]
  if (form.has('expiresAt') && (at !== (link.expiry?.at ?? null) || afterClicks !== (link.expiry?.afterClicks ?? null))) {
    input.expiry = at === null && afterClicks === null ? null : { ...(at ? { at } : {}), ...(afterClicks ? { afterClicks } : {}) }
  }
  const canArchive = link.provider.writableLinkFields.includes('archived')
  if (canArchive && form.has('archived') !== (link.archived ?? false)) input.archived = form.has('archived')
  return input
}
